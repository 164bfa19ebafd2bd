import type { Addon } from "../../core/addon.ts";
import { LEAST_MS, nextOpening } from "../../core/maintenance.ts";
import { parseStart } from "../../core/parse-start.ts";
import type { Provider } from "../../core/ports/provider.ts";
import { isPlannable, type Schedule, scheduleAt } from "../../core/schedule.ts";
import type { Refusal } from "../../core/verdict.ts";
import type { Dependencies } from "../dependencies.ts";

interface Wish {
  /** As chosen or typed; absent: at once. */
  readonly start: string | undefined;
  /** Of the person; that of the configuration where it is not known. */
  readonly timeZone: string | undefined;
  readonly provider: Provider;
  readonly addon: Pick<Addon, "id" | "name">;
}

/** Works out when a migration starts; null: at once. */
export function planStart(
  deps: Pick<Dependencies, "clock" | "timeZone">,
  { start, timeZone = deps.timeZone, provider, addon }: Wish,
): Schedule | Refusal | null {
  if (start === undefined) return null;
  if (start === "at") return noTime();
  const now = deps.clock.now();
  const wanted = parseStart(start, { now, timeZone });
  if ("code" in wanted) return wanted;
  switch (wanted.kind) {
    case "now":
      return null;
    case "at":
      return isPlannable(wanted.at, now) ? scheduleAt(wanted.at) : notToCome(wanted.at > now);
    case "window":
      return inWindow(provider, addon, now);
  }
}

function inWindow(provider: Provider, addon: Wish["addon"], now: Date): Schedule | Refusal {
  const window = provider.maintenance?.(addon.id) ?? null;
  if (window === null) return noWindow(addon.name);
  const { opensAt, closesAt } = nextOpening(window, now);
  const startBy = new Date(Math.max(closesAt.getTime() - LEAST_MS, opensAt.getTime() + 60_000));
  return { kind: "window", notBefore: opensAt, startBy, lookedAt: null, heldFor: null };
}

function noTime(): Refusal {
  return {
    code: "no-start-chosen",
    field: "start",
    summary: "A start at a time was chosen, and no time.",
    remedy: "Pick the day and the time.",
  };
}

function notToCome(isFar: boolean): Refusal {
  return {
    code: "start-not-to-come",
    field: "start",
    summary: isFar ? "That start is more than 60 days away." : "That start is in the past.",
    remedy: "Pick a time to come, at most 60 days away.",
  };
}

function noWindow(name: string): Refusal {
  return {
    code: "no-maintenance-window",
    field: "start",
    summary: `${name} has no maintenance window.`,
    remedy: "Pick a time, or ask an operator to write maintenance into godwit.yaml.",
  };
}
