import { z } from "zod";
import type { JsonObject } from "../../../core/step.ts";

const schema = z.object({
  /** Migrations of the add-on from before the order. */
  known: z.array(z.string()),
  /** ISO time at which it was noted; orders of older versions have none. */
  orderedAt: z.string().optional(),
  /** The platform's ID of the ordered one; null while its answer is awaited or lost. */
  migrationId: z.string().nullable(),
});

/** An order as it was noted before it was sent. */
export type Order = z.output<typeof schema>;

/** Null when nothing was ordered, or the platform refused. */
export function readOrder(checkpoint: JsonObject | null): Order | null {
  const parsed = schema.safeParse(checkpoint);
  return parsed.success ? parsed.data : null;
}
