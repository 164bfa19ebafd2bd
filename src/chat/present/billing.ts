import { formatMoney } from "../../core/money.ts";
import type { Quote } from "../../core/quote.ts";
import { bold, type Fact, fact, type Part, paragraph } from "../message.ts";

/** What a migration does to the bill, as facts: the same in the form and in the confirmation. */
function billingFacts(quote: Quote): readonly Fact[] {
  return [
    fact("Now", `${formatMoney(quote.before)} per month`),
    fact("After the migration", `${formatMoney(quote.after)} per month`),
    fact("Difference", bold(differenceOf(quote))),
    fact("While both databases exist", `${formatMoney(quote.whileBothRun)} per month`),
  ];
}

/** The billing summary with its title. */
export function billingParts(quote: Quote): readonly Part[] {
  return [paragraph(bold("Billing")), { kind: "facts", facts: billingFacts(quote) }];
}

/** What becomes of the price, as a sentence of its own. */
export function priceSentence(quote: Quote): string {
  if (quote.difference.minorUnits === 0) return "The price stays the same.";
  return `It costs ${differenceOf(quote)}.`;
}

/** The difference in words, so that a sign is never all there is: `78.50 EUR more per month`. */
export function differenceOf(quote: Quote): string {
  const { minorUnits, currency } = quote.difference;
  if (minorUnits === 0) return "none, the price stays the same";
  const amount = formatMoney({ minorUnits: Math.abs(minorUnits), currency });
  return `${amount} ${minorUnits > 0 ? "more" : "less"} per month`;
}
