import { formatBytes } from "../../core/format.ts";
import { formatMoney } from "../../core/money.ts";
import { ALLOWED, refused, type Verdict } from "../../core/verdict.ts";
import type { PlanFacts, Size } from "./read-plan.ts";

const SIZES: readonly (readonly [Size, string, (value: number) => string])[] = [
  ["memoryBytes", "memory", formatBytes],
  ["diskBytes", "disk", formatBytes],
  ["connections", "connections", String],
];

/**
 * Judges whether an add-on may move to a plan of its kind: never to a smaller one or from dedicated to shared, which
 * support does. Where a size is not known the price has to speak for it; price alone does not rank plans, since some
 * with more disk and less memory cost the same.
 */
export function judgePlan(now: PlanFacts, next: PlanFacts): Verdict {
  if (next.zones.length === 0)
    return no("plan-gone", `Clever Cloud does not offer ${next.plan.name} any more.`, "Pick another plan.");
  if (!next.isMigratable)
    return no("not-migratable", `Nothing can be migrated to ${next.plan.name}.`, "Pick another plan.");
  if (next.plan.id === now.plan.id) return ALLOWED;
  if (!next.isPriced)
    return no(
      "price-unknown",
      `Clever Cloud's price system does not know ${next.plan.name}, so nobody could tell you what it costs.`,
      "Pick another plan, or migrate to this one in the console.",
    );
  return judgeSizes(now, next);
}

/** Whether a size of either plan is not known, so that it was not compared. */
export function isUnsure(now: PlanFacts, next: PlanFacts): boolean {
  return (
    now.plan.id !== next.plan.id && SIZES.some(([size]) => now.unknown.has(size) || next.unknown.has(size))
  );
}

function judgeSizes(now: PlanFacts, next: PlanFacts): Verdict {
  if (next.plan.shared && !now.plan.shared)
    return downgrade(`${next.plan.name} is a shared plan, ${now.plan.name} is dedicated.`);
  for (const [size, word, write] of SIZES) {
    if (now.unknown.has(size) || next.unknown.has(size)) continue;
    const [before, after] = [now.plan[size], next.plan[size]];
    if (after >= before) continue;
    return downgrade(`${next.plan.name} has less ${word} than now (${write(after)}, now ${write(before)}).`);
  }
  return isUnsure(now, next) ? judgePrices(now, next) : ALLOWED;
}

function judgePrices({ plan: now }: PlanFacts, { plan: next }: PlanFacts): Verdict {
  if (next.monthlyPrice.minorUnits >= now.monthlyPrice.minorUnits) return ALLOWED;
  const prices = `${formatMoney(next.monthlyPrice)}, now ${formatMoney(now.monthlyPrice)}`;
  return downgrade(
    `${next.name} costs less than now (${prices}), and Clever Cloud does not tell all its sizes.`,
  );
}

function downgrade(summary: string): Verdict {
  return no("downgrade", summary, "Downgrades go through support: ask them with the add-on ID.");
}

function no(code: string, summary: string, remedy: string): Verdict {
  return refused({ code, field: "plan", summary, remedy });
}
