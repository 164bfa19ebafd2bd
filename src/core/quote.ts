import { addMoney, type Money, subtractMoney } from "./money.ts";
import type { Plan } from "./plan.ts";

/** What a migration does to the bill; all amounts are per month. */
export interface Quote {
  readonly before: Money;
  readonly after: Money;
  /** `after` minus `before`; negative when the new plan is cheaper. */
  readonly difference: Money;
  /** What both databases cost together while both exist. */
  readonly whileBothRun: Money;
}

/** Prices a move between two plans of the same currency. */
export function quoteMove(from: Plan, to: Plan): Quote {
  const [before, after] = [from.monthlyPrice, to.monthlyPrice];
  return { before, after, difference: subtractMoney(after, before), whileBothRun: addMoney(before, after) };
}
