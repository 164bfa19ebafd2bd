import type { StepContext } from "../../../core/step.ts";
import { mayPass } from "../api/problem.ts";
import type { PlatformMigration } from "../api/schemas.ts";
import type { Platform } from "../platform.ts";
import type { Order } from "./order.ts";

/** How often the list is read before an order counts as never arrived; the pauses grow from the first poll's. */
const LOOKS = 6;

/** The platform's clock may be so far behind ours. */
const CLOCK_SKEW_MS = 60_000;

/** The migration that an order with a lost answer began: the one that was not there before, and is not older. */
async function findOrdered(
  { api }: Platform,
  context: StepContext,
  { known, orderedAt }: Order,
): Promise<PlatformMigration | undefined> {
  const all = await api.migrations(context.migration.source.addonId, context.signal);
  const sinceMs = orderedAt === undefined ? 0 : Date.parse(orderedAt) - CLOCK_SKEW_MS;
  return all.find(
    ({ migrationId, requestDate }) => !known.includes(migrationId) && requestDate.getTime() >= sinceMs,
  );
}

/** Looks for some time, since an order may still be on its way. Undefined when nothing appeared. */
export async function waitForOrdered(
  platform: Platform,
  context: StepContext,
  order: Order,
): Promise<PlatformMigration | undefined> {
  for (let look = 1, answered = 0; ; look += 1) {
    try {
      const found = await findOrdered(platform, context, order);
      answered += 1;
      if (found !== undefined || answered >= LOOKS) return found;
    } catch (error) {
      context.signal.throwIfAborted();
      if (!mayPass(error)) throw error;
    }
    await context.clock.sleep(platform.config.poll.firstMs * Math.min(look, 10), context.signal);
  }
}
