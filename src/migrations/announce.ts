import type { Migration } from "../core/migration.ts";
import type { Notification } from "../core/notification.ts";
import type { StoreTransaction } from "../core/ports/store.ts";
import { shownStep } from "../core/step.ts";

type Sends = Pick<StoreTransaction, "send" | "steps">;

/** Names of the messages of a thread that are edited later. */
export type MessageKey = "root" | "card" | "failure" | "read-only" | "result" | "pack" | "note";

/** Posts a new message into a migration's thread; nothing where it has none, as on the command line. */
export async function post(
  tx: Sends,
  migration: Migration,
  key: MessageKey,
  notification: Notification,
): Promise<void> {
  if (!migration.threadKey) return;
  await tx.send({ threadKey: migration.threadKey, kind: "post", messageKey: key, notification });
}

/** Changes a message that was posted before; an older change that is not sent yet is left out. */
export async function edit(
  tx: Sends,
  migration: Migration,
  key: MessageKey,
  notification: Notification,
): Promise<void> {
  if (!migration.threadKey) return;
  await tx.send({
    threadKey: migration.threadKey,
    kind: "edit",
    messageKey: key,
    coalesceKey: key,
    notification,
  });
}

/** Rewrites the disclaimer after the migration's state has changed: its buttons go, the outcome stands. */
export async function editRoot(tx: Sends, migration: Migration): Promise<void> {
  await edit(tx, migration, "root", { kind: "confirmation", migration, confirmable: false });
}

/** Tells that the old database accepts writes again, as soon as its fence is gone, once. */
export async function tellWritable(
  tx: Sends & Pick<StoreTransaction, "lockMigration" | "patchMigration">,
  migrationId: string,
  at: Date,
): Promise<void> {
  const found = await tx.lockMigration(migrationId);
  if (!found?.readOnlyFrom || found.readOnlyUntil) return;
  const migration = await tx.patchMigration(found.id, { readOnlyUntil: at });
  await post(tx, migration, "read-only", { kind: "read-only-ended", migration, on: "old" });
}

/** Posts the progress card. */
export async function postCard(tx: Sends, migration: Migration, at: Date): Promise<void> {
  await post(tx, migration, "card", await cardOf(tx, migration, at));
}

/** Writes the progress card anew. */
export async function editCard(tx: Sends, migration: Migration, at: Date): Promise<void> {
  if (!migration.threadKey) return;
  await edit(tx, migration, "card", await cardOf(tx, migration, at));
}

async function cardOf(tx: Sends, migration: Migration, at: Date): Promise<Notification> {
  const steps = (await tx.steps(migration.id)).map(shownStep);
  return { kind: "progress", migration, steps, at };
}
