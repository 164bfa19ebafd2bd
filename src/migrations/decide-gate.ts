import type { Answer } from "../core/answer.ts";
import { GATE_STEP, type Gate, gateOf } from "../core/gate.ts";
import type { Actor } from "../core/member.ts";
import type { Migration } from "../core/migration.ts";
import type { PressAction } from "../core/ports/chat.ts";
import { actorName, type StoreTransaction } from "../core/ports/store.ts";
import { strategyOf } from "../core/target.ts";
import type { Refusal } from "../core/verdict.ts";
import { editCard, post } from "./announce.ts";
import type { Dependencies } from "./dependencies.ts";
import { stale } from "./find-pressed.ts";
import { frozen } from "./refuse-frozen.ts";

/** What a person decides about the gate of a migration. */
export interface GateDecision {
  readonly migrationId: string;
  readonly by: Actor;
  /** When to switch; as soon as the lag is small unless said otherwise. */
  readonly at?: Date;
}

/**
 * Lets a live migration switch: as soon as the new database has nearly caught up, or at a time. May be said
 * before the migration has come to its gate.
 */
export function switchNow(deps: Dependencies, decision: GateDecision): Promise<Answer> {
  const { at = null } = decision;
  const armed = { mode: at ? "at" : "automatic", switchAt: at, state: "armed" } as const;
  return decide(deps, decision, { change: { ...armed, reason: null, retryAt: null }, action: "switch" });
}

/** Holds a live migration before its switch until somebody lets it go. */
export function disarmGate(deps: Dependencies, decision: GateDecision): Promise<Answer> {
  const held = { mode: "held", switchAt: null, state: "stopped", reason: null, retryAt: null } as const;
  return decide(deps, decision, { change: held, action: "disarm" });
}

interface Change {
  readonly change: Partial<Gate>;
  readonly action: Extract<PressAction, "switch" | "disarm">;
}

async function decide(deps: Dependencies, decision: GateDecision, change: Change): Promise<Answer> {
  const answer = await deps.store.transaction((tx) => decideLocked(tx, { deps, decision, ...change }));
  deps.wakeSender();
  return answer;
}

interface Locked extends Change {
  readonly deps: Dependencies;
  readonly decision: GateDecision;
}

async function decideLocked(tx: StoreTransaction, locked: Locked): Promise<Answer> {
  const { deps, decision, change, action } = locked;
  const { migrationId, by } = decision;
  const freeze = action === "switch" ? await tx.freeze() : undefined;
  const found = await tx.lockMigration(migrationId);
  const refusal = (await refuseGate(tx, found, action)) ?? (freeze && frozen(freeze, "Nothing switches now"));
  if (refusal || !found) return { kind: "refused", refusal: refusal ?? stale(found, action) };
  const kind = action === "switch" ? "armed" : "disarmed";
  const before = gateOf(found);
  if (isSame(before, change)) return { kind, migration: found };
  await tx.putGate(migrationId, { ...before, ...keepReturning(before, change), decidedBy: by });
  await tx.append({ migrationId, actor: actorName(by), type: `gate-${kind}` });
  const migration = await tx.patchMigration(migrationId, {});
  await post(tx, migration, "note", { kind: "gate-decided", migration, by });
  await editCard(tx, migration, deps.clock.now());
  return { kind, migration };
}

/** A return goes on to its end, whatever is decided meanwhile; the decision counts from then on. */
function keepReturning({ state, reason }: Gate, change: Partial<Gate>): Partial<Gate> {
  return state === "returning" ? { ...change, state, reason } : change;
}

/** A second press of the same button says nothing new. */
function isSame(gate: Gate, { mode, switchAt }: Partial<Gate>): boolean {
  const isAtSameTime = gate.switchAt?.getTime() === switchAt?.getTime();
  return gate.mode === mode && isAtSameTime && gate.retryAt === null;
}

/** Behind the gate it is too late: what was decided then would be said in the thread, and not happen. */
async function refuseGate(
  tx: StoreTransaction,
  found: Migration | undefined,
  action: Change["action"],
): Promise<Refusal | undefined> {
  if (found?.state !== "running" && found?.state !== "queued") return stale(found, action);
  if (strategyOf(found.target.strategy) !== "live") return noGate(found);
  if (action === "switch" && found.desired === "pause") return paused(found);
  if (!found.pivotPassed && gateOf(found).state === "returning") return undefined;
  const records = await tx.steps(found.id);
  const isBehind = records.some(({ name, status }) => name === GATE_STEP && status === "done");
  return isBehind ? tooLate(found) : undefined;
}

function noGate({ source }: Migration): Refusal {
  return {
    code: "no-gate",
    summary: `The migration of ${source.addonName} copies while the database is read-only, so there is no switch to hold or to start.`,
    remedy: "Follow it in its thread.",
  };
}

function paused({ source }: Migration): Refusal {
  return {
    code: "paused",
    summary: `The migration of ${source.addonName} is paused, so it does not switch.`,
    remedy: "Let it go on first, with Resume or /db resume.",
  };
}

function tooLate({ source }: Migration): Refusal {
  return {
    code: "past-the-gate",
    summary: `${source.addonName} is already being switched over to its new database.`,
    remedy: "Wait for the end, which is near; the thread tells it.",
  };
}
