import type { Addon, AddonSummary } from "../core/addon.ts";
import { GodwitError } from "../core/failure.ts";
import { formatDuration } from "../core/format.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Provider } from "../core/ports/provider.ts";
import { describeError } from "../core/redact.ts";
import type { Refusal } from "../core/verdict.ts";
import type { Dependencies } from "./dependencies.ts";

const LIST_MS = 10_000;

/** An add-on with the provider that hosts it. */
export type FoundAddon =
  | { readonly kind: "found"; readonly addon: Addon; readonly provider: Provider }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/**
 * Finds an add-on by its ID or its name, as people type it. A name counts only while every provider answers: one that
 * does not may have another of this name.
 */
export async function findAddon(
  deps: Dependencies,
  nameOrId: string,
  signal: AbortSignal,
): Promise<FoundAddon> {
  const { listed, missing } = await summaries(deps, signal);
  const matches = listed.filter(
    ({ summary }) => summary.id === nameOrId || summary.name.toLowerCase() === nameOrId.toLowerCase(),
  );
  const exact = matches.find(({ summary }) => summary.id === nameOrId) ?? matches[0];
  if (!exact) return findUnlisted(deps, { id: nameOrId, missing, signal });
  if (matches.length > 1 && exact.summary.id !== nameOrId)
    return { kind: "refused", refusal: ambiguousAddon(nameOrId) };
  if (missing.length > 0 && exact.summary.id !== nameOrId)
    return { kind: "refused", refusal: unsure(nameOrId, missing) };
  const addon = await exact.provider.getAddon(exact.summary.id, signal);
  if (!addon) return { kind: "refused", refusal: unknownAddon(nameOrId) };
  return { kind: "found", addon, provider: exact.provider };
}

/** The add-ons of all providers with their provider, and a sentence for each provider whose add-ons are missing. */
export interface Summaries {
  readonly listed: readonly { readonly summary: AddonSummary; readonly provider: Provider }[];
  readonly missing: readonly string[];
}

/**
 * Lists the add-ons of all providers. One that cannot be reached leaves its own out and nobody else's; when no provider
 * at all can be reached, its error is thrown.
 */
export async function summaries(
  deps: Pick<Dependencies, "providers" | "log" | "clock">,
  signal: AbortSignal,
): Promise<Summaries> {
  const answers = await Promise.allSettled(
    deps.providers.map((provider) => listOf(provider, { clock: deps.clock, signal })),
  );
  signal.throwIfAborted();
  const failed = answers.flatMap((answer, index) =>
    answer.status === "rejected"
      ? [{ provider: deps.providers[index], reason: answer.reason as unknown }]
      : [],
  );
  if (failed[0] !== undefined && failed.length === deps.providers.length) throw failed[0].reason;
  for (const { provider, reason } of failed)
    deps.log.warn(
      { provider: provider?.name, detail: describeError(reason) },
      "add-ons of a provider not listed",
    );
  return {
    listed: answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : [])),
    missing: failed.map(({ provider, reason }) => missingSentence(provider?.name ?? "", reason)),
  };
}

/** A provider that does not answer is not waited for by those who want another one's add-ons. */
async function listOf(
  provider: Provider,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
) {
  const [late, done] = [new AbortController(), new AbortController()];
  const waiting = clock.sleep(LIST_MS, done.signal).then(
    () => late.abort(tooSlow(provider.name)),
    () => undefined,
  );
  try {
    const list = await provider.listAddons(AbortSignal.any([signal, late.signal]));
    return list.map((summary) => ({ summary, provider }));
  } finally {
    done.abort();
    await waiting;
  }
}

function tooSlow(name: string): GodwitError {
  return new GodwitError({
    code: "list-too-slow",
    class: "transient",
    summary: `${name} did not list its databases within ${formatDuration(LIST_MS)}.`,
    remedy: "Try again in a minute.",
  });
}

function missingSentence(name: string, reason: unknown): string {
  const why = reason instanceof GodwitError ? ` ${reason.summary}` : "";
  return `The databases of ${name} are missing here, because it cannot be reached.${why}`;
}

interface Unlisted {
  readonly id: string;
  readonly missing: readonly string[];
  readonly signal: AbortSignal;
}

/** A provider may know an add-on by an ID that its list does not show. */
async function findUnlisted(deps: Dependencies, { id, missing, signal }: Unlisted): Promise<FoundAddon> {
  for (const provider of deps.providers) {
    const addon = await provider.getAddon(id, signal).catch(() => undefined);
    signal.throwIfAborted();
    if (addon) return { kind: "found", addon, provider };
  }
  const refusal = unknownAddon(id);
  const summary = [refusal.summary, ...missing].join(" ");
  return { kind: "refused", refusal: { ...refusal, summary } };
}

/** The provider under whose name a migration was asked for. Throws when godwit.yaml names it no more. */
export function providerNamed(deps: Pick<Dependencies, "providers">, name: string): Provider {
  const provider = deps.providers.find((candidate) => candidate.name === name);
  if (!provider) throw new Error(`finding provider ${name}: godwit.yaml has none of this name`);
  return provider;
}

function unknownAddon(nameOrId: string): Refusal {
  return {
    code: "unknown-addon",
    field: "addon",
    summary: `There is no add-on called “${nameOrId}”.`,
    remedy: "Type /db list to see the add-ons there are.",
  };
}

function unsure(name: string, missing: readonly string[]): Refusal {
  return {
    code: "name-uncertain",
    field: "addon",
    summary: [`Another add-on may be called “${name}” too.`, ...missing].join(" "),
    remedy: "Use the add-on ID; /db list shows it.",
  };
}

/** Why a name does not do. */
export function ambiguousAddon(name: string): Refusal {
  return {
    code: "ambiguous-addon",
    field: "addon",
    summary: `Several add-ons are called “${name}”.`,
    remedy: "Use the add-on ID; /db list shows it.",
  };
}
