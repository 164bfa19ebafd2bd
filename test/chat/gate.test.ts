import { describe, expect, it } from "vitest";
import { presentNotification } from "../../src/chat/present/notification.ts";
import { plainText } from "../../src/chat/render-plain.ts";
import type { Gate } from "../../src/core/gate.ts";
import type { StrategyChoice } from "../../src/core/target.ts";
import { alice, aRunningMigration, aStep, at } from "./makers.ts";
import { aGate } from "./news.ts";

function card(gate: Gate | null, strategy: StrategyChoice = "live") {
  const running = aRunningMigration({ gate });
  const migration = { ...running, target: { ...running.target, strategy } };
  const steps = [
    aStep({ name: "gate", title: "Wait for the switch", status: "running", startedAt: at("14:00:03") }),
  ];
  const { parts } = presentNotification({ kind: "progress", migration, steps, at: at("14:01:00") });
  const text = parts
    .map((part) => ("text" in part && typeof part.text !== "string" ? plainText(part.text) : ""))
    .join(" ");
  const buttons = parts.flatMap((part) =>
    part.kind === "buttons" ? part.buttons.map(({ label }) => label) : [],
  );
  return { text, buttons };
}

const stands = (change: Partial<Gate>): Gate => aGate({ reason: null, retryAt: null, tries: 0, ...change });

describe("the card at the gate", () => {
  it.each([
    [stands({ state: "armed" }), "Armed:", ["Hold the switch", "Pause", "Cancel the migration"]],
    [
      stands({ state: "waiting-for-lag" }),
      "Waiting for lag:",
      ["Hold the switch", "Pause", "Cancel the migration"],
    ],
    [aGate(), "Tried and retrying.", ["Switch now", "Hold the switch", "Pause", "Cancel the migration"]],
    [stands({ mode: "held", state: "stopped" }), "Stopped:", ["Switch now", "Pause", "Cancel the migration"]],
    [stands({ state: "returning" }), "The switch is being taken back.", ["Cancel the migration"]],
  ])("says where it stands and offers what can be decided (%#)", (gate, words, buttons) => {
    expect(card(gate).text).toContain(words);
    expect(card(gate).buttons).toEqual(buttons);
  });

  it.each([
    ["live", "Armed:", ["Hold the switch", "Pause", "Cancel the migration"]],
    ["live-held", "Stopped:", ["Switch now", "Pause", "Cancel the migration"]],
  ] as const)("offers as much before anything was decided (%s)", (strategy, words, buttons) => {
    expect(card(null, strategy).text).toContain(words);
    expect(card(null, strategy).buttons).toEqual(buttons);
  });

  it("shows nothing of a gate in steps that have none", () => {
    const migration = aRunningMigration({ gate: aGate() });
    const steps = [aStep({ name: "verify", status: "running" })];
    const { parts } = presentNotification({ kind: "progress", migration, steps, at: at("14:01:00") });
    expect(JSON.stringify(parts)).not.toContain("Switch now");
  });
});

describe("a switch that was taken back", () => {
  it("tells why, that writes are open, and when it is tried again", () => {
    const migration = aRunningMigration({ gate: aGate() });
    const { summary } = presentNotification({ kind: "switch-returned", migration });
    expect(summary).toMatch(
      /was taken back\. The switch did not come through within 60 s\..*accepts writes.*tries again/,
    );
  });

  it("says that a person has to press when it does not try again", () => {
    const migration = aRunningMigration({ gate: aGate({ mode: "held", state: "stopped", retryAt: null }) });
    expect(presentNotification({ kind: "switch-returned", migration }).summary).toContain("press Switch now");
    expect(presentNotification({ kind: "gate-decided", migration, by: alice }).summary).toContain(
      "holds the switch",
    );
  });
});
