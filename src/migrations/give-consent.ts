import type { Answer } from "../core/answer.ts";
import { actorName, type StoreTransaction } from "../core/ports/store.ts";
import { consentsOf, lacksConsent } from "../core/preflight.ts";
import { edit } from "./announce.ts";
import { type Confirmation, termsChanged } from "./confirm-migration.ts";
import type { Dependencies } from "./dependencies.ts";
import { stale } from "./find-pressed.ts";

/**
 * Records a person's consent to what a plan asks it for, such as leaving a zone that the law asks for. It holds for the
 * plan as they saw it; confirming is a press of its own, which looks for it.
 */
export async function giveConsent(deps: Dependencies, consent: Confirmation): Promise<Answer> {
  const answer = await deps.store.transaction((tx) => consentLocked(tx, deps, consent));
  deps.wakeSender();
  return answer;
}

async function consentLocked(
  tx: StoreTransaction,
  { clock }: Dependencies,
  { migrationId, planHash, by, deliveryId }: Confirmation,
): Promise<Answer> {
  const draft = await tx.lockMigration(migrationId);
  if (draft?.state !== "awaiting_confirmation") return { kind: "refused", refusal: stale(draft, "consent") };
  if (planHash !== draft.planHash) return { kind: "refused", refusal: termsChanged(draft) };
  const isFirst = deliveryId === undefined || (await tx.receive(by.platform, deliveryId));
  if (!isFirst || !lacksConsent(draft)) return { kind: "consented", migration: draft };
  const migration = await tx.patchMigration(migrationId, { consent: { planHash, by, at: clock.now() } });
  const checks = consentsOf(draft.preflight).map(({ check }) => check);
  await tx.append({ migrationId, actor: actorName(by), type: "consented", data: { planHash, checks } });
  await edit(tx, migration, "root", { kind: "confirmation", migration, confirmable: true });
  return { kind: "consented", migration };
}
