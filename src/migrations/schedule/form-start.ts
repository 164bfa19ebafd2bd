import type { FormSelection, FormStart } from "../../core/form.ts";
import { nextOpening } from "../../core/maintenance.ts";
import { parseStart } from "../../core/parse-start.ts";
import type { Provider } from "../../core/ports/provider.ts";
import type { Dependencies } from "../dependencies.ts";

const HOUR_MS = 3_600_000;

/** What the form shows of the start: what is chosen, and what there is to choose from. */
export function formStart(
  { clock, timeZone }: Pick<Dependencies, "clock" | "timeZone">,
  { start }: FormSelection,
  about: { readonly provider: Provider; readonly addonId: string },
): FormStart {
  const now = clock.now();
  const window = about.provider.maintenance?.(about.addonId) ?? null;
  const opening = window && { ...nextOpening(window, now), timeZone: window.timeZone };
  const nothing = { opening, timeZone, at: null } as const;
  if (start === undefined) return { ...nothing, chosen: "now" };
  if (start === "at") return { ...nothing, chosen: "at", at: suggestion(now) };
  const wanted = parseStart(start, { now, timeZone });
  if ("code" in wanted || wanted.kind === "now") return { ...nothing, chosen: "now" };
  if (wanted.kind === "window") return { ...nothing, chosen: opening ? "window" : "now" };
  return { ...nothing, chosen: "at", at: wanted.at };
}

/** A full hour, at least one from now. */
function suggestion(now: Date): Date {
  return new Date((Math.ceil(now.getTime() / HOUR_MS) + 1) * HOUR_MS);
}
