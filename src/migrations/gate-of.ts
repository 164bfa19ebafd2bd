import { type Gate, initialGate } from "../core/gate.ts";
import type { Migration } from "../core/migration.ts";

/** The gate of a migration: as stored, or as the form's choice set it. */
export function gateOf({ gate, target }: Pick<Migration, "gate" | "target">): Gate {
  return gate ?? initialGate(target.strategy);
}
