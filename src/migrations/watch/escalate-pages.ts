import type { Answer } from "../../core/answer.ts";
import type { Actor } from "../../core/member.ts";
import { actorName, type StoreTransaction } from "../../core/ports/store.ts";
import { post } from "../announce.ts";
import type { Dependencies } from "../dependencies.ts";
import { stale } from "../find-pressed.ts";

/** Calls support once more for each call that nobody has answered in time: once, whichever process looks first. */
export async function escalatePages(deps: Dependencies): Promise<void> {
  const afterMs = deps.timings.escalateMs;
  for (const migrationId of await deps.store.unansweredPages(afterMs)) {
    const isEscalated = await deps.store.transaction((tx) => escalate(tx, migrationId, afterMs));
    if (isEscalated) deps.log.error({ migrationId, afterMs }, "support has not answered");
    deps.wakeSender();
  }
}

async function escalate(tx: StoreTransaction, migrationId: string, afterMs: number): Promise<boolean> {
  const migration = await tx.lockMigration(migrationId);
  if (!migration || !(await tx.escalatePage(migrationId, afterMs))) return false;
  await tx.append({ migrationId, actor: "system", type: "page-escalated" });
  await post(tx, migration, "note", { kind: "page-escalated", migration, afterMs });
  return true;
}

interface Call {
  readonly migrationId: string;
  readonly by: Actor;
  readonly deliveryId: string;
}

/** A person calls support to a migration that does not get on. */
export async function callSupport(
  deps: Dependencies,
  { migrationId, by, deliveryId }: Call,
): Promise<Answer> {
  const answer = await deps.store.transaction(async (tx): Promise<Answer> => {
    const migration = await tx.lockMigration(migrationId);
    if (!migration || !CALLABLE.has(migration.state))
      return { kind: "refused", refusal: stale(migration, "page") };
    if (!(await tx.receive(by.platform, deliveryId))) return { kind: "support-called", migration };
    await tx.callSupport(migrationId);
    await tx.append({ migrationId, actor: actorName(by), type: "support-called" });
    await post(tx, migration, "note", { kind: "support-called", migration, by });
    return { kind: "support-called", migration };
  });
  deps.wakeSender();
  return answer;
}

const CALLABLE: ReadonlySet<string> = new Set(["running", "rolling_back", "paused", "needs_support"]);
