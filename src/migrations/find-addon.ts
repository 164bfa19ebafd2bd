import type { Addon, AddonSummary } from "../core/addon.ts";
import type { Provider } from "../core/ports/provider.ts";
import type { Refusal } from "../core/verdict.ts";
import type { Dependencies } from "./dependencies.ts";

/** An add-on with the provider that hosts it. */
export type FoundAddon =
  | { readonly kind: "found"; readonly addon: Addon; readonly provider: Provider }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** Finds an add-on by its ID or its name, as people type it. */
export async function findAddon(
  deps: Dependencies,
  nameOrId: string,
  signal: AbortSignal,
): Promise<FoundAddon> {
  const matches = (await summaries(deps, signal)).filter(
    ({ summary }) => summary.id === nameOrId || summary.name.toLowerCase() === nameOrId.toLowerCase(),
  );
  const exact = matches.find(({ summary }) => summary.id === nameOrId) ?? matches[0];
  if (!exact) return { kind: "refused", refusal: unknownAddon(nameOrId) };
  if (matches.length > 1 && exact.summary.id !== nameOrId)
    return { kind: "refused", refusal: ambiguous(nameOrId) };
  const addon = await exact.provider.getAddon(exact.summary.id, signal);
  if (!addon) return { kind: "refused", refusal: unknownAddon(nameOrId) };
  return { kind: "found", addon, provider: exact.provider };
}

/** Lists the add-ons of all providers with their provider. */
export async function summaries(
  deps: Pick<Dependencies, "providers">,
  signal: AbortSignal,
): Promise<{ summary: AddonSummary; provider: Provider }[]> {
  const lists = await Promise.all(
    deps.providers.map(async (provider) =>
      (await provider.listAddons(signal)).map((summary) => ({ summary, provider })),
    ),
  );
  return lists.flat();
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

function ambiguous(name: string): Refusal {
  return {
    code: "ambiguous-addon",
    field: "addon",
    summary: `Several add-ons are called “${name}”.`,
    remedy: "Use the add-on ID; /db list shows it.",
  };
}
