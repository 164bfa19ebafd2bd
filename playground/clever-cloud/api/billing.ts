import { currency, type Plan, providers, uuidOf, zones } from "../catalog/catalog.ts";
import { refuse } from "../refusal.ts";
import { findOwner } from "./find.ts";
import type { Answer, Call } from "./operation.ts";

/** guess: prices of HDS zones, a fifth above zone par, so that a price of the wrong zone is seen. Only par is known. */
const hdsFactor = 1.2;

export function getPriceSystem(call: Call): Answer {
  return { status: 200, body: { ...priceSystem(call), owner_id: findOwner(call) } };
}

/** The variant for everyone. guess: a currency other than the euro is not played here. */
export function getPublicPriceSystem(call: Call): Answer {
  const wanted = call.query.get("currency");
  if (wanted !== null && wanted !== currency) refuse("badRequest");
  return { status: 200, body: priceSystem(call) };
}

/** "clever-components, src/stories/fixtures/price-system.js". */
function priceSystem(call: Call): Record<string, unknown> {
  const name = (call.query.get("zone_id") ?? "par").toLowerCase();
  const zone = zones.find((zone) => zone.name === name) ?? refuse("badRequest", "Unknown zone");
  const factor = zone.isHds ? hdsFactor : 1;
  return {
    id: uuidOf(`price system ${zone.name}`),
    zone_id: zone.name,
    currency,
    runtime: providers.flatMap(({ plans }) => plans.flatMap((plan) => priceWire(plan, factor))),
    countable: [],
  };
}

/** The price's key is written like `postgresql.XS_SML`, the plan's like `postgresql.xs_sml`; only `*_mono` is the same. */
function priceWire(plan: Plan, factor: number): unknown[] {
  if (plan.pricePerHour === undefined) return [];
  const [source = "", flavor = ""] = plan.priceId.split(".");
  return [
    {
      runtime_policy_id: uuidOf(`price ${plan.priceId}`),
      source,
      flavor,
      time_unit: "PT1H",
      price: plan.pricePerHour * factor,
      slug_id: `${source}.${flavor.endsWith("_mono") ? flavor : flavor.toUpperCase()}`,
    },
  ];
}
