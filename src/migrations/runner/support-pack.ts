import type { Failure } from "../../core/failure.ts";
import type { Migration } from "../../core/migration.ts";
import type { Notification } from "../../core/notification.ts";
import type { StoreTransaction } from "../../core/ports/store.ts";
import { shownStep } from "../../core/step.ts";
import type { Dependencies } from "../dependencies.ts";

/** The newest entries of the audit trail that go into a pack. */
const EVENTS = 80;

/** What support needs to begin, as of this transaction. */
export async function packFor(
  tx: Pick<StoreTransaction, "steps" | "events">,
  deps: Pick<Dependencies, "recentLog">,
  { migration, failure }: { readonly migration: Migration; readonly failure: Failure },
): Promise<Notification> {
  const steps = (await tx.steps(migration.id)).map(shownStep);
  const events = await tx.events(migration.id, EVENTS);
  return { kind: "support-pack", migration, failure, steps, events, log: deps.recentLog(migration.id) };
}
