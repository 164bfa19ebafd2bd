import { type Money, money } from "../../core/money.ts";
import type { Plan } from "../../core/plan.ts";
import type { ApiPlan, ApiPrices, Feature } from "./api/schemas.ts";
import type { Kind } from "./kinds.ts";

/** A month is 30 days, as the console computes it (clever-components, "product.js"). */
const HOURS_A_MONTH = 24 * 30;

/** Sizes that a plan may keep to itself; the plan then holds 0 for it. */
export type Size = "memoryBytes" | "diskBytes" | "connections";

/** A plan as Godwit shows it, with what the platform says besides. */
export interface PlanFacts {
  readonly plan: Plan;
  readonly unknown: ReadonlySet<Size>;
  /** Empty: not offered any more. */
  readonly zones: readonly string[];
  readonly isMigratable: boolean;
  /** False when the price system does not know the plan: the amount is then the plan's own, which may be outdated. */
  readonly isPriced: boolean;
  /** Whether the amount is of the public list and not of this organisation. */
  readonly isListPrice: boolean;
}

/** Reads a plan with its price of one zone. */
export function readPlan(kind: Kind, given: ApiPlan, prices: ApiPrices): PlanFacts {
  const { price, isPriced } = priceOf(given, prices);
  const sizes = sizesOf(kind, given);
  return {
    plan: {
      id: given.id,
      name: given.name,
      engine: kind.engine,
      vcpus: numberOf(given, "cpu") ?? 0,
      memoryBytes: sizes.memoryBytes ?? 0,
      diskBytes: sizes.diskBytes ?? 0,
      connections: sizes.connections ?? 0,
      shared: isShared(given),
      monthlyPrice: price,
    },
    unknown: new Set(
      (["memoryBytes", "diskBytes", "connections"] as const).filter((size) => sizes[size] === undefined),
    ),
    zones: given.zones ?? [],
    isMigratable: wordOf(given, "is-migratable") !== "no",
    isPriced,
    isListPrice: prices.isList,
  };
}

/** The price per month of a plan by the price system; the plan's own price where that does not know it. */
function priceOf(
  { price_id, price }: ApiPlan,
  { runtime, currency }: ApiPrices,
): { readonly price: Money; readonly isPriced: boolean } {
  const known = runtime.find(({ slug_id }) => slug_id.toLowerCase() === price_id?.toLowerCase());
  const perMonth = known === undefined ? (price ?? 0) : known.price * HOURS_A_MONTH;
  return { price: money(perMonth, currency ?? "EUR"), isPriced: known !== undefined };
}

function sizesOf(kind: Kind, plan: ApiPlan): Readonly<Partial<Record<Size, number>>> {
  const [memory, disk, data] = ["memory", "disk-size", "max-db-size"].map((code) => numberOf(plan, code));
  const connections = numberOf(plan, "connection-limit");
  const [memoryBytes, diskBytes] = kind.isInMemory ? [memory ?? data, disk] : [memory, disk ?? data];
  return {
    ...(memoryBytes !== undefined && { memoryBytes }),
    ...(diskBytes !== undefined && { diskBytes }),
    ...(connections !== undefined && { connections }),
  };
}

/** What is shown is right; `computable_value` says "true" for shared with MySQL and "shared" with PostgreSQL. */
function isShared(plan: ApiPlan): boolean {
  const word = wordOf(plan, "is-dedicated");
  return word === undefined ? plan.slug === "dev" : word === "shared";
}

function numberOf(plan: ApiPlan, code: string): number | undefined {
  const feature = featureOf(plan, code);
  const value = Number(feature?.computable_value ?? feature?.value ?? Number.NaN);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

function wordOf(plan: ApiPlan, code: string): string | undefined {
  const value = featureOf(plan, code)?.value;
  return value === null || value === undefined ? undefined : String(value).toLowerCase();
}

function featureOf({ features }: ApiPlan, code: string): Feature | undefined {
  return features?.find(({ name_code }) => name_code === code);
}
