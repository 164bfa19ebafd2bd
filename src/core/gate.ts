import { formatBytes, formatDuration } from "./format.ts";
import type { Actor } from "./member.ts";
import type { ReplicationLag } from "./ports/replication.ts";
import type { StrategyChoice } from "./target.ts";

/** What opens the gate: a small lag, a person who says so, or a time. */
export type GateMode = "automatic" | "held" | "at";

/**
 * Where the gate stands. `armed`: it switches as soon as it may. `waiting-for-lag`: it may, and the target is
 * too far behind. `retrying`: a switch took too long and was taken back; the next one follows by itself.
 * `returning`: a switch is being taken back now. `stopped`: it waits for a person.
 */
export type GateState = "armed" | "waiting-for-lag" | "retrying" | "returning" | "stopped";

/** The hold before the switch of a live migration, as every worker and everyone in the thread sees it. */
export interface Gate {
  readonly mode: GateMode;
  /** For the mode `at`. */
  readonly switchAt: Date | null;
  readonly state: GateState;
  /** Whole sentence: what it waits for, or why the last switch was taken back; null when there is nothing to say. */
  readonly reason: string | null;
  /** Switches that were taken back. */
  readonly tries: number;
  /** Not before this moment after a switch that was taken back. */
  readonly retryAt: Date | null;
  /** Who armed or disarmed it last; null while it is as the form left it. */
  readonly decidedBy: Actor | null;
  /** True while the whole migration is to stand still: it does not open, whatever else is said. Not stored with it. */
  readonly isHeld?: boolean;
}

/** Name of the step that waits at the gate. */
export const GATE_STEP = "gate";

/** Switches that were taken back before the gate stops and asks for a person. */
export const SWITCH_TRIES = 3;
/** Applied within a fraction of a second. */
const SMALL_LAG_BYTES = 4 * 1024 * 1024;
const SMALL_LAG_MS = 2_000;

/** The gate as the form's choice sets it. */
export function initialGate(choice: StrategyChoice): Gate {
  const mode = choice === "live-held" ? "held" : "automatic";
  const state = mode === "held" ? "stopped" : "armed";
  return { mode, state, switchAt: null, reason: null, tries: 0, retryAt: null, decidedBy: null };
}

/** The gate of a migration: as stored, or as the form's choice set it while nobody and nothing has changed it. */
export function gateOf({ gate, target }: HasGate): Gate {
  return gate ?? initialGate(target.strategy);
}

interface HasGate {
  readonly gate?: Gate | null;
  readonly target: { readonly strategy: StrategyChoice };
}

/** What the gate says now, and whether to go through it. */
export interface GateVerdict {
  readonly opens: boolean;
  readonly state: GateState;
  readonly reason: string | null;
}

/** Judges whether to switch now. Pure; asked again every moment. */
export function judgeGate(gate: Gate, lag: ReplicationLag, now: Date): GateVerdict {
  if (gate.isHeld) return { opens: false, state: gate.state, reason: gate.reason };
  if (gate.mode === "held")
    return { opens: false, state: "stopped", reason: gate.tries > 0 ? gate.reason : null };
  if (gate.retryAt !== null && now < gate.retryAt)
    return { opens: false, state: "retrying", reason: gate.reason };
  if (gate.mode === "at" && gate.switchAt !== null && now < gate.switchAt)
    return { opens: false, state: "armed", reason: null };
  if (hasCaughtUp(lag)) return { opens: true, state: "armed", reason: null };
  return { opens: false, state: "waiting-for-lag", reason: lagSentence(lag) };
}

/** Whether people want the gate closed at this moment, however small the lag is. */
export function isHeldBack({ mode, switchAt }: Gate, now: Date): boolean {
  return mode === "held" || (mode === "at" && switchAt !== null && now < switchAt);
}

/** What is assumed of a target that could not be looked at: the gate stays closed. */
export const UNKNOWN_LAG: ReplicationLag = {
  isApplying: false,
  behindBytes: 0,
  behindMs: null,
  backlogBytes: 0,
};

/** Whether the target is so little behind that a switch would not be held up. */
export function hasCaughtUp({ isApplying, behindBytes, behindMs }: ReplicationLag): boolean {
  return isApplying && behindBytes <= SMALL_LAG_BYTES && (behindMs ?? 0) <= SMALL_LAG_MS;
}

/** How far behind the new database is, in words. */
export function lagSentence({ isApplying, behindBytes, behindMs }: ReplicationLag): string {
  if (!isApplying) return "The new database is not applying changes at the moment.";
  const time = behindMs === null ? "" : ` and ${formatDuration(behindMs)}`;
  return `The new database is ${formatBytes(behindBytes)}${time} behind.`;
}

/**
 * The gate while a switch is taken back. Its `retryAt` is set until somebody decides meanwhile: each decision clears
 * it, so that `afterReturn` knows of it.
 */
export function beginReturn(gate: Gate, reason: string, now: Date): Gate {
  return { ...gate, state: "returning", reason, retryAt: gate.state === "returning" ? gate.retryAt : now };
}

/**
 * The gate after a switch was taken back: it tries again a little later, or stops and waits for a person, unless one
 * has decided while it was taken back.
 */
export function afterReturn(gate: Gate, reason: string, now: Date): Gate {
  const tries = gate.tries + 1;
  if (tries % SWITCH_TRIES === 0 && !isDecided(gate))
    return { ...gate, tries, reason, mode: "held", state: "stopped", retryAt: null };
  const retryAt = new Date(now.getTime() + tries * 30_000);
  return { ...gate, tries, reason, state: "retrying", retryAt };
}

/** Whether somebody has decided since the return began. */
function isDecided({ state, retryAt }: Gate): boolean {
  return state === "returning" && retryAt === null;
}
