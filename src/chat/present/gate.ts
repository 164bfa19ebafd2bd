import { GATE_STEP, type Gate, gateOf } from "../../core/gate.ts";
import type { Actor } from "../../core/member.ts";
import type { Migration } from "../../core/migration.ts";
import type { ShownStep } from "../../core/step.ts";
import { bold, type Message, type PressButton, paragraph, person, type Text, time } from "../message.ts";
import { plainText } from "../render-plain.ts";
import { buttonFor } from "./confirm-dialog.ts";
import { addonName, sentence } from "./wording.ts";

/** Where the gate stands, in one clause or two. */
export function gateWords(gate: Gate): Text {
  const reason = gate.reason === null ? "" : ` ${sentence(gate.reason)}`;
  switch (gate.state) {
    case "armed":
      if (gate.mode === "at" && gate.switchAt !== null)
        return ["Armed: it switches after ", time(gate.switchAt), "."];
      return ["Armed: it switches as soon as the new database has nearly caught up."];
    case "waiting-for-lag":
      return [`Waiting for lag: it switches when the new database has nearly caught up.${reason}`];
    case "retrying":
      return [
        `Tried and retrying.${reason}`,
        ...(gate.retryAt ? [" The next try begins after ", time(gate.retryAt), "."] : []),
      ];
    case "returning":
      return [`The switch is being taken back.${reason}`];
    case "stopped":
      return [
        `Stopped: it waits until someone presses Switch now, and follows the old database meanwhile.${reason}`,
      ];
  }
}

/** What a person may decide while a migration stands at its gate. */
export function gateButtons(migration: Migration, steps: readonly ShownStep[]): readonly PressButton[] {
  const step = steps.find(({ name }) => name === GATE_STEP);
  const gate = gateOf(migration);
  if (migration.state !== "running" || step?.status !== "running" || gate.state === "returning") return [];
  if (gate.mode === "automatic" && gate.state !== "retrying") return [disarm(migration)];
  const now = buttonFor("switch", migration, { label: "Switch now", style: "primary" });
  return gate.mode === "held" ? [now] : [now, disarm(migration)];
}

function disarm(migration: Migration): PressButton {
  return buttonFor("disarm", migration, { label: "Hold the switch", style: "plain" });
}

/** Tells that a switch was taken back, why, and what follows. */
export function presentSwitchReturned(migration: Migration): Message {
  const { gate } = migration;
  const why = gate?.reason ? ` ${sentence(gate.reason)}` : "";
  const next: Text =
    gate?.retryAt && gate.mode !== "held"
      ? ["Godwit tries again by itself after ", time(gate.retryAt), "."]
      : ["Godwit does not try again by itself: press Switch now on the card when the time is better."];
  return ofText([
    bold(`The switch of ${addonName(migration)} was taken back`),
    `.${why} The old database is in service and accepts writes; the new one goes on following it. `,
    ...next,
  ]);
}

/** Tells who let the switch go, or holds it. */
export function presentGateDecided(migration: Migration, by: Actor): Message {
  const { gate } = migration;
  const name = addonName(migration);
  if (gate?.mode === "held")
    return ofText([person(by), ` holds the switch of ${name} until someone presses Switch now.`]);
  if (gate?.mode === "at" && gate.switchAt)
    return ofText([person(by), ` set the switch of ${name} to `, time(gate.switchAt), "."]);
  return ofText([person(by), ` lets ${name} switch as soon as the new database has nearly caught up.`]);
}

function ofText(text: Text): Message {
  return { summary: plainText(text), parts: [paragraph(...text)] };
}
