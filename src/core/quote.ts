import { addMoney, type Money, subtractMoney } from "./money.ts";
import type { Plan } from "./plan.ts";

/** What a migration does to the bill; all amounts are per month. */
export interface Quote {
  readonly now: Money;
  readonly then: Money;
  /** `then` minus `now`; negative when the new plan is cheaper. */
  readonly difference: Money;
  /** What both databases cost together while both exist. */
  readonly whileBothRun: Money;
}

/** Prices a move between two plans of the same currency. */
export function quoteMove(from: Plan, to: Plan): Quote {
  const [now, then] = [from.monthlyPrice, to.monthlyPrice];
  return { now, then, difference: subtractMoney(then, now), whileBothRun: addMoney(now, then) };
}
