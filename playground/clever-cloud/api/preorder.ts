import { currency } from "../catalog/catalog.ts";
import { refuse } from "../refusal.ts";
import { findAddon } from "./find.ts";
import type { Answer, Call } from "./operation.ts";
import { isoMillis } from "./times.ts";

/**
 * An invoice-like object ("clever-client.js, migration-transform.ts"). guess: its amounts; the plan's outdated price stands in, and whether the real
 * ones mean anything for a migration is not known.
 */
export function preorderMigration(call: Call): Answer {
  const addon = findAddon(call);
  const planId = call.query.get("planId");
  const plan = addon.provider.plans.find(({ id }) => id === planId) ?? refuse("unknownPlan");
  const price = plan.planPrice ?? 0;
  return {
    status: 200,
    body: {
      ownerId: addon.ownerId,
      target: null,
      emissionDate: isoMillis(call.world.clock.now()),
      name: call.world.settings.ownerName,
      company: null,
      VAT: null,
      type: "ADDON_PREORDER",
      currency,
      lines: [
        {
          type: "ADDON",
          description: `${addon.provider.name} ${plan.name}`,
          quantity: 1,
          tva: 20,
          price_unit_ht: price,
          price_total_ht: price,
          pack: null,
          dropQuantity: 0,
          coupon: null,
        },
      ],
    },
  };
}
