import type { Answer } from "../core/answer.ts";
import type { Actor } from "../core/member.ts";
import { actorName } from "../core/ports/store.ts";
import { post } from "./announce.ts";
import type { Dependencies } from "./dependencies.ts";
import { stale } from "./find-pressed.ts";

interface Acknowledgement {
  readonly migrationId: string;
  readonly by: Actor;
  /** The platform's ID of the press: a second delivery has no second effect. */
  readonly deliveryId?: string;
}

/** Records that somebody of support looks after a failed migration. */
export async function acknowledgeFailure(
  deps: Dependencies,
  { migrationId, by, deliveryId }: Acknowledgement,
): Promise<Answer> {
  const answer = await deps.store.transaction(async (tx): Promise<Answer> => {
    const migration = await tx.lockMigration(migrationId);
    const isCalled = migration?.failure || migration?.state === "running";
    if (!migration || !isCalled) return { kind: "refused", refusal: stale(migration, "acknowledge") };
    if (deliveryId && !(await tx.receive(by.platform, deliveryId)))
      return { kind: "acknowledged", migration };
    await tx.answerSupport(migrationId);
    await tx.append({ migrationId, actor: actorName(by), type: "acknowledged" });
    await post(tx, migration, "note", { kind: "acknowledged", migration, by });
    return { kind: "acknowledged", migration };
  });
  deps.wakeSender();
  return answer;
}
