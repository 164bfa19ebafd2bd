import type { Answer } from "../core/answer.ts";
import { type Actor, actorOf, type Member } from "../core/member.ts";
import { judgeMember, type Right } from "../core/policy.ts";
import type { ChatInbound, Invocation, Press, RootDelivery } from "../core/ports/chat.ts";
import { acknowledgeFailure } from "./acknowledge-failure.ts";
import { askRevert } from "./ask-revert.ts";
import { cancelMigration } from "./cancel-migration.ts";
import { confirmMigration } from "./confirm-migration.ts";
import { considerPress } from "./consider-press.ts";
import { disarmGate, switchNow } from "./decide-gate.ts";
import type { Dependencies } from "./dependencies.ts";
import { summaries } from "./find-addon.ts";
import { stale } from "./find-pressed.ts";
import { giveConsent } from "./give-consent.ts";
import { markSolved } from "./mark-solved.ts";
import { isMigrationId } from "./new-migration-id.ts";
import { openForm } from "./open-form.ts";
import { orRefused, type Refused } from "./or-refused.ts";
import { pauseMigration, resumeMigration } from "./pause-migration.ts";
import { recheckMigration } from "./recheck-migration.ts";
import { redeployApplication } from "./redeploy-application.ts";
import { retryMigration } from "./retry-migration.ts";
import { returnToOld } from "./return-to-old.ts";
import { startScheduled } from "./schedule/start-scheduled.ts";
import { requestOf, submitRequest } from "./submit-request.ts";
import { callSupport } from "./watch/escalate-pages.ts";
import { waitLonger } from "./watch/tell-stuck.ts";

/** Nobody waits longer for an answer than this. */
const ANSWER_MS = 60_000;

interface InboundParts {
  readonly deps: Dependencies;
  /** Which right a subcommand takes. */
  readonly rightOf: (name: string) => Right;
  readonly runCommand: (invocation: Invocation, signal: AbortSignal) => Promise<Answer>;
}

/** What the chat platforms call. Judges the person's right anew at every call. */
export function createInbound({ deps, rightOf, runCommand }: InboundParts): ChatInbound {
  const signal = () => AbortSignal.timeout(ANSWER_MS);
  return {
    command: (invocation) =>
      guarded(deps, invocation.member, () => runCommand(invocation, signal()), rightOf(invocation.name)),
    async searchAddons(member, query) {
      if (!judgeMember(member, deps.policy).allowed) return [];
      const wanted = query.trim().toLowerCase();
      const all = (await summaries(deps, signal())).listed.map(({ summary }) => summary);
      return all.filter(({ id, name }) => `${name} ${id}`.toLowerCase().includes(wanted));
    },
    form: (member, selection) => guarded(deps, member, () => openForm(deps, selection, signal())),
    submit: ({ member, place, selection, deliveryId }) =>
      guarded(deps, member, () =>
        submitRequest(deps, requestOf(member, place, selection, deliveryId), signal()),
      ),
    rootDelivery: (migrationId, timeoutMs) => rootDelivery(deps, migrationId, timeoutMs),
    considerPress: (press) => guarded(deps, press.member, () => considerPress(deps, press)),
    press: (press) => guarded(deps, press.member, () => act(deps, press, signal())),
  };
}

/** Refuses people without the right; turns errors that a person can understand into refusals. */
async function guarded<T>(
  deps: Dependencies,
  member: Member,
  act: () => Promise<T>,
  right: Right = "migrate",
): Promise<T | Refused> {
  const verdict = judgeMember(member, deps.policy, right);
  if (!verdict.allowed) return { kind: "refused", refusal: verdict.refusal };
  return orRefused(act);
}

async function act(deps: Dependencies, press: Press, signal: AbortSignal): Promise<Answer> {
  const { migrationId, planHash, deliveryId } = press;
  const by = actorOf(press.member);
  if (!isMigrationId(migrationId)) return { kind: "refused", refusal: stale(undefined, press.action) };
  switch (press.action) {
    case "confirm":
      return confirmMigration(deps, { migrationId, planHash, by, deliveryId }, signal);
    case "consent":
      return giveConsent(deps, { migrationId, planHash, by, deliveryId });
    case "cancel":
      return cancelMigration(deps, migrationId, by);
    case "recheck":
      return recheckMigration(deps, migrationId, by, signal);
    case "retry":
      return retryMigration(deps, { migrationId, by, deliveryId }, signal);
    case "acknowledge":
      return acknowledgeFailure(deps, { migrationId, by, deliveryId });
    case "solve":
      return markSolved(deps, { migrationId, by, reason: press.reason ?? "", deliveryId });
    case "revert":
      return askRevert(deps, { migrationId, by, place: press.place, deliveryId }, signal);
    case "page":
      return callSupport(deps, { migrationId, by, deliveryId });
    case "return":
      return returnToOld(deps, { migrationId, by });
    case "redeploy":
      return redeployApplication(deps, { ...press, applicationId: press.applicationId, by }, signal);
    case "start":
      return startScheduled(deps, { migrationId, planHash, by }, signal);
    default:
      return steer(deps, press.action, { migrationId, by });
  }
}

/** Presses that hold a running migration back or let it go; a second delivery finds nothing left to do. */
async function steer(
  deps: Dependencies,
  action: "wait" | "switch" | "disarm" | "pause" | "resume",
  decision: { readonly migrationId: string; readonly by: Actor },
): Promise<Answer> {
  const { migrationId, by } = decision;
  switch (action) {
    case "wait":
      return waitLonger(deps, decision);
    case "switch":
      return switchNow(deps, decision);
    case "disarm":
      return disarmGate(deps, decision);
    case "pause":
      return pauseMigration(deps, migrationId, by);
    case "resume":
      return resumeMigration(deps, migrationId, by);
  }
}

/** Waits for the sender to have dealt with the first message of a thread. */
async function rootDelivery(
  deps: Dependencies,
  migrationId: string,
  timeoutMs: number,
): Promise<RootDelivery> {
  const deadline = deps.clock.now().getTime() + timeoutMs;
  while (deps.clock.now().getTime() < deadline) {
    const root = await deps.store.rootMessage(migrationId);
    if (root?.status === "sent") return { kind: "sent", link: null };
    if (root?.status === "dead") return { kind: "refused", code: root.error ?? "unknown" };
    await deps.clock.sleep(100);
  }
  return { kind: "waiting" };
}
