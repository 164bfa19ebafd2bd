import type { Addon } from "../core/addon.ts";
import type { FormAnswer, FormSelection, MigrationForm } from "../core/form.ts";
import type { Provider } from "../core/ports/provider.ts";
import type { MigrationOptions, Offer, Strategy, Target } from "../core/target.ts";
import type { FormField, Refusal } from "../core/verdict.ts";
import type { Dependencies } from "./dependencies.ts";
import { findAddon } from "./find-addon.ts";
import { refuseBusy } from "./refuse-busy.ts";
import { formStart } from "./schedule/form-start.ts";

/** Works the choices made so far into a form: what is offered, what is chosen, what it costs. */
export async function openForm(
  deps: Dependencies,
  chosen: FormSelection,
  signal: AbortSignal,
): Promise<FormAnswer> {
  if (!chosen.addonId) return { kind: "choose-addon" };
  const found = await findAddon(deps, chosen.addonId, signal);
  if (found.kind === "refused") return found;
  const busy = await refuseBusy(deps, found.addon);
  if (busy) return { kind: "refused", refusal: busy };
  const answer = await fillForm(found.provider, found.addon, chosen, signal);
  if (answer.kind !== "form") return answer;
  const start = formStart(deps, chosen, { provider: found.provider, addonId: found.addon.id });
  return { kind: "form", form: { ...answer.form, start } };
}

/** Refuses a plan or version that was typed with the command and is not offered; undefined when all is well. */
export async function refuseTyped(
  deps: Dependencies,
  typed: FormSelection,
  signal: AbortSignal,
): Promise<Refusal | undefined> {
  if (!typed.addonId || (!typed.planId && !typed.version)) return undefined;
  const found = await findAddon(deps, typed.addonId, signal);
  if (found.kind === "refused") return found.refusal;
  return refuseSelection(await found.provider.options(found.addon, typed.planId, signal), typed);
}

/** Fills the form of one add-on; refused when nothing at all is possible. */
export async function fillForm(
  provider: Provider,
  addon: Addon,
  chosen: FormSelection,
  signal: AbortSignal,
): Promise<FormAnswer> {
  const options = await provider.options(addon, chosen.planId, signal);
  const selection = selectionOf(addon, options, chosen);
  if ("code" in selection) return { kind: "refused", refusal: selection };
  const plan = options.plans.find(({ value }) => value.id === selection.planId)?.value ?? addon.plan;
  const quote = await provider.quote(addon, plan, selection);
  const form: MigrationForm = { addon, options, selection, quote, isRefresh: isRefresh(addon, selection) };
  return { kind: "form", form };
}

/** Same plan, version and zone: a new instance on the latest patch. */
export function isRefresh(addon: Addon, target: Target): boolean {
  return target.planId === addon.plan.id && target.version === addon.version && target.zone === addon.zone;
}

/** Checks what was submitted: each choice must be among those offered and allowed. */
export function refuseSelection(options: MigrationOptions, chosen: FormSelection): Refusal | undefined {
  return (
    refuseOffer("plan", options.plans, chosen.planId, ({ id }) => id) ??
    refuseOffer("version", options.versions, chosen.version, ({ version }) => version) ??
    refuseOffer("zone", options.zones, chosen.zone, ({ id }) => id) ??
    refuseOffer("strategy", options.strategies, chosen.strategy, (strategy) => strategy)
  );
}

function refuseOffer<T>(
  field: FormField,
  offers: readonly Offer<T>[],
  chosen: string | undefined,
  idOf: (value: T) => string,
): Refusal | undefined {
  if (chosen === undefined) return undefined;
  const offer = offers.find(({ value }) => idOf(value) === chosen);
  if (!offer)
    return notOffered(
      field,
      chosen,
      offers.filter(({ verdict }) => verdict.allowed).map(({ value }) => idOf(value)),
    );
  return offer.verdict.allowed ? undefined : { ...offer.verdict.refusal, field };
}

function notOffered(field: FormField, chosen: string, possible: readonly string[]): Refusal {
  const summary = `There is no ${field} “${chosen}” for this add-on.`;
  const remedy =
    possible.length > 0 ? `Pick one of: ${possible.join(", ")}.` : "Ask support; nothing is offered here.";
  return { code: `${field}-not-offered`, field, summary, remedy };
}

function selectionOf(addon: Addon, options: MigrationOptions, chosen: FormSelection): Target | Refusal {
  const planId = pick(options.plans.map(idOffer), [chosen.planId, addon.plan.id]);
  const version = pick(options.versions.map(versionOffer), [chosen.version, newestAllowed(options)]);
  const zone = pick(options.zones.map(idOffer), [chosen.zone, addon.zone]);
  const strategy = pick(options.strategies, [chosen.strategy]) as Strategy | undefined;
  if (!planId) return nothing("plan", options.plans);
  if (!version) return nothing("version", options.versions);
  if (!zone) return nothing("zone", options.zones);
  if (!strategy) return nothing("strategy", options.strategies);
  return { planId, version, zone, strategy };
}

function pick(offers: readonly Offer<string>[], wishes: readonly (string | undefined)[]): string | undefined {
  const allowed = offers.filter(({ verdict }) => verdict.allowed).map(({ value }) => value);
  return wishes.find((wish) => wish !== undefined && allowed.includes(wish)) ?? allowed[0];
}

function newestAllowed(options: MigrationOptions): string | undefined {
  return options.versions.find(({ verdict }) => verdict.allowed)?.value.version;
}

function idOffer<T extends { readonly id: string }>({ value, verdict }: Offer<T>): Offer<string> {
  return { value: value.id, verdict };
}

function versionOffer({ value, verdict }: MigrationOptions["versions"][number]): Offer<string> {
  return { value: value.version, verdict };
}

function nothing(field: FormField, offers: readonly Offer<unknown>[]): Refusal {
  const reasons = offers.flatMap(({ verdict }) => (verdict.allowed ? [] : [verdict.refusal.summary]));
  const summary = [`No ${field} can be chosen for this add-on.`, ...reasons].join(" ");
  return { code: `no-${field}`, field, summary, remedy: "Ask support with the add-on ID." };
}
