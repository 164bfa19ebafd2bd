import type { Answer } from "../core/answer.ts";
import { GodwitError } from "../core/failure.ts";
import type { Actor } from "../core/member.ts";
import type { Migration } from "../core/migration.ts";
import type { RestartedApplication } from "../core/notification.ts";
import type { ProviderOutcome, Redeployment } from "../core/ports/provider.ts";
import { actorName, type StoreTransaction } from "../core/ports/store.ts";
import { describeError } from "../core/redact.ts";
import type { Refusal } from "../core/verdict.ts";
import { edit, post } from "./announce.ts";
import type { Dependencies } from "./dependencies.ts";
import { providerNamed } from "./find-addon.ts";
import { stale } from "./find-pressed.ts";
import { applicationsOf, succeededNotification } from "./tell-result.ts";
import { endRedeployment } from "./watch-redeployments.ts";

/** Which application is to be deployed anew, after which migration, and who asked. */
export interface RedeployRequest {
  readonly migrationId: string;
  readonly applicationId: string | undefined;
  readonly by: Actor;
  readonly deliveryId?: string;
}

/**
 * Deploys a linked application anew because a person asked for it: once, however often it is pressed. It is recorded
 * before it is ordered, so that after a lost answer or a crash nobody orders it again; the sweeper tells how it ends.
 */
export async function redeployApplication(
  deps: Dependencies,
  request: RedeployRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const migration = await deps.store.migration(request.migrationId);
  if (migration?.state !== "succeeded") return { kind: "refused", refusal: stale(migration, "redeploy") };
  const provider = providerNamed(deps, migration.source.providerName);
  const { redeployment } = provider;
  const offer = { outcome: await provider.outcome(migration), migration, request };
  const application = await deps.store.transaction((tx) => findOffered(tx, offer));
  if (redeployment === undefined || application?.id === undefined)
    return { kind: "refused", refusal: notOffered(migration) };
  const { id: applicationId, name } = application;
  const mark = await redeployment.mark(applicationId, signal);
  const subject = { ...offer, applicationId, name, mark };
  const { answer, isFirst } = await deps.store.transaction((tx) => record(tx, deps, subject));
  deps.wakeSender();
  return isFirst ? order(deps, redeployment, { subject, answer, signal }) : answer;
}

interface Offer {
  readonly outcome: ProviderOutcome;
  readonly migration: Migration;
  readonly request: RedeployRequest;
}

/** The application of the request, when the result offers to deploy it anew. */
async function findOffered(
  tx: StoreTransaction,
  { outcome, migration, request }: Offer,
): Promise<RestartedApplication | undefined> {
  const all = await applicationsOf(tx, migration, outcome);
  const found = all.find(({ id }) => id !== undefined && id === request.applicationId);
  return found?.redeployment === undefined ? undefined : found;
}

interface Subject extends Offer {
  readonly applicationId: string;
  readonly name: string;
  readonly mark: Date;
}

/** What was recorded; only what is first is ordered. */
interface Recorded {
  readonly answer: Answer;
  readonly isFirst: boolean;
}

async function record(
  tx: StoreTransaction,
  { clock }: Dependencies,
  { outcome, migration, request, applicationId, name, mark }: Subject,
): Promise<Recorded> {
  const { by, deliveryId } = request;
  const answer: Answer = { kind: "redeploying", migration, application: name };
  if (deliveryId !== undefined && !(await tx.receive(by.platform, deliveryId)))
    return { answer, isFirst: false };
  await tx.lockMigration(migration.id);
  const asked = { migrationId: migration.id, applicationId, applicationName: name, mark };
  if (!(await tx.openRedeployment({ ...asked, askedBy: by, askedAt: clock.now() })))
    return { answer: { kind: "refused", refusal: underWay(name) }, isFirst: false };
  const data = { application: applicationId };
  await tx.append({ migrationId: migration.id, actor: actorName(by), type: "redeploy-asked", data });
  await post(tx, migration, "note", { kind: "redeploying", migration, application: name, by });
  await edit(tx, migration, "result", await succeededNotification(tx, migration, outcome));
  return { answer, isFirst: true };
}

interface Ordered {
  readonly subject: Subject;
  readonly answer: Answer;
  readonly signal: AbortSignal;
}

/** A refusal is told to the person and in the thread; whatever else goes wrong is found out by looking. */
async function order(
  deps: Dependencies,
  redeployment: Redeployment,
  { subject, answer, signal }: Ordered,
): Promise<Answer> {
  const { migration, applicationId } = subject;
  try {
    await redeployment.order(applicationId, signal);
    return answer;
  } catch (error) {
    const facts = { migrationId: migration.id, applicationId, detail: describeError(error) };
    deps.log.warn(facts, "deployment of an application not ordered");
    if (!(error instanceof GodwitError)) return answer;
    const { code, summary, remedy } = error;
    const open = (await deps.store.openRedeployments()).find(
      (asked) => asked.applicationId === applicationId,
    );
    if (open) await endRedeployment(deps, open, summary);
    return { kind: "refused", refusal: { code, summary, remedy } };
  }
}

function notOffered({ source }: Migration): Refusal {
  return {
    code: "redeploy-not-offered",
    summary: `This application needs no deployment for the migration of ${source.addonName}, or is none of its applications.`,
    remedy: "Look at the result in the thread: it says how each application stands.",
  };
}

function underWay(name: string): Refusal {
  return {
    code: "redeploy-under-way",
    summary: `${name} is being deployed already.`,
    remedy: "Wait for the thread to say how it ends.",
  };
}
