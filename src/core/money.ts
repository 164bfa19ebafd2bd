/** An amount of money in the currency's smallest unit (cents for EUR), so that sums are exact. */
export interface Money {
  readonly minorUnits: number;
  /** ISO 4217 code, such as `EUR`. */
  readonly currency: string;
}

/** Makes an amount from a decimal price, rounding half away from zero to whole minor units. */
export function money(amount: number, currency: string): Money {
  return { minorUnits: Math.round(amount * 100), currency };
}

/** Adds two amounts. Throws a `RangeError` when the currencies differ. */
export function addMoney(left: Money, right: Money): Money {
  assertSameCurrency(left, right);
  return { minorUnits: left.minorUnits + right.minorUnits, currency: left.currency };
}

/** Subtracts the second amount from the first. Throws a `RangeError` when the currencies differ. */
export function subtractMoney(left: Money, right: Money): Money {
  return addMoney(left, { minorUnits: -right.minorUnits, currency: right.currency });
}

/** Whether two amounts are the same sum in the same currency. */
export function isSameMoney(left: Money, right: Money): boolean {
  return left.minorUnits === right.minorUnits && left.currency === right.currency;
}

/** Writes an amount as people read it: `98.00 EUR`, with a minus sign for negative amounts. */
export function formatMoney(amount: Money): string {
  return `${(amount.minorUnits / 100).toFixed(2)} ${amount.currency}`;
}

function assertSameCurrency(left: Money, right: Money): void {
  if (left.currency === right.currency) return;
  throw new RangeError(`adding ${left.currency} to ${right.currency}: the currencies differ`);
}
