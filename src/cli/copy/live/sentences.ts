import { formatDuration } from "../../../core/format.ts";
import { type Gate, type GateVerdict, lagSentence } from "../../../core/gate.ts";
import type { ReplicationLag } from "../../../core/ports/replication.ts";
import type { Gatekeeper } from "./gatekeeper.ts";
import { SWITCH_SIGNAL } from "./listen-for-go.ts";

/** The gate at one moment. */
export interface GateView {
  readonly gate: Gate;
  readonly verdict: GateVerdict;
  readonly lag: ReplicationLag;
  readonly hasTerminal: boolean;
}

/** `2030-01-31 02:30`, as the clock on the wall shows it. */
function localTime(moment: Date): string {
  const two = (part: number): string => String(part).padStart(2, "0");
  const day = [moment.getFullYear(), two(moment.getMonth() + 1), two(moment.getDate())].join("-");
  return `${day} ${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

function howToSwitch(hasTerminal: boolean): string {
  const signal = `${SWITCH_SIGNAL} to process ${process.pid}`;
  return hasTerminal ? `press Enter, or send ${signal}` : `send ${signal}`;
}

/** Said once when the copy comes to its gate. */
export function gateNotice({ gate, hasTerminal }: Gatekeeper): string {
  const how = howToSwitch(hasTerminal);
  if (gate.mode === "held") return `The new database follows the old one. To switch, ${how}.`;
  if (gate.mode === "at" && gate.switchAt !== null)
    return `The new database follows the old one, and switches after ${localTime(gate.switchAt)}. To switch before, ${how}.`;
  return "The new database follows the old one, and switches as soon as it has caught up.";
}

/** The gate in one line that changes with the lag. */
export function gateLine({ gate, verdict, lag, hasTerminal }: GateView): string {
  return `${lagSentence(lag)} ${whatNext(gate, verdict, hasTerminal)}`;
}

function whatNext(gate: Gate, { state }: GateVerdict, hasTerminal: boolean): string {
  switch (state) {
    case "stopped":
      return hasTerminal ? "Enter switches." : "It waits for its signal.";
    case "retrying":
      return `It switches again after ${localTime(gate.retryAt ?? new Date())}.`;
    case "armed":
      return gate.mode === "at" && gate.switchAt !== null
        ? `It switches after ${localTime(gate.switchAt)}.`
        : "It switches now.";
    case "waiting-for-lag":
      return "It switches when it has caught up.";
    case "returning":
      return "The switch is being taken back.";
  }
}

/** Said when a switch was taken back: why, and what comes next. */
export function returnedNotice({ gate, hasTerminal }: Gatekeeper, now: Date): string {
  const state = `${gate.reason ?? ""} The old database accepts writes again, and the new one follows it.`;
  if (gate.retryAt !== null)
    return `${state} The switch is tried again in ${formatDuration(gate.retryAt.getTime() - now.getTime())}.`;
  return `${state} This was the ${ordinal(gate.tries)} time. To try again, ${howToSwitch(hasTerminal)}.`;
}

function ordinal(count: number): string {
  return count === 3 ? "third" : `${count}th`;
}
