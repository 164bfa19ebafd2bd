import { describe, expect, it } from "vitest";
import { presentAnswer } from "../../src/chat/present/answer.ts";
import { presentNotification } from "../../src/chat/present/notification.ts";
import type { Migration } from "../../src/core/migration.ts";
import type { ShownStep } from "../../src/core/step.ts";
import { alice, aRunningMigration, aStep, at } from "./makers.ts";

const running = { status: "running", startedAt: at("14:00:03") } as const;

function card(change: Partial<Migration>, step: Partial<ShownStep> = {}) {
  const migration = aRunningMigration(change);
  const steps = [aStep({ name: "check", title: "Check", ...running, ...step })];
  const { parts, summary } = presentNotification({ kind: "progress", migration, steps, at: at("14:01:00") });
  const buttons = parts.flatMap((part) =>
    part.kind === "buttons" ? part.buttons.map(({ label }) => label) : [],
  );
  return { text: JSON.stringify(parts), summary, buttons };
}

const asked = { desired: "pause", desiredBy: alice } as const;

describe("the card of a migration", () => {
  it("offers a pause while its database accepts writes, and none once it is about to be closed", () => {
    expect(card({}).buttons).toEqual(["Pause", "Cancel the migration"]);
    expect(card({}, { hold: "ends" }).buttons).toEqual(["Cancel the migration"]);
    expect(card({ readOnlyFrom: at("14:00:30") }).buttons).toEqual(["Cancel the migration"]);
    expect(card({ pivotPassed: true }).buttons).toEqual([]);
  });

  it("says after which step it stands still, and offers to take that back", () => {
    const { text, buttons } = card(asked);
    expect(text).toContain("it stands still when “Check” is done.");
    expect(buttons).toEqual(["Resume", "Cancel the migration"]);
  });

  it("says that it is paused, by whom, and that writes are open", () => {
    const { text, summary, buttons } = card(
      { ...asked, state: "paused" },
      { status: "pending", startedAt: null },
    );
    expect(summary).toMatch(/^The migration of orders is paused\./);
    expect(text).toMatch(/Paused.*U0ALICE.*orders is in service and accepts writes/);
    expect(buttons).toEqual(["Resume", "Cancel the migration"]);
  });

  it("is paused at its gate, where nothing is said of a switch", () => {
    const { summary, text, buttons } = card(asked, { name: "gate", hold: "waits" });
    expect(summary).toMatch(/^The migration of orders is paused\./);
    expect(text).not.toContain("Armed");
    expect(buttons).toEqual(["Resume", "Cancel the migration"]);
  });
});

it("/db status and /db list say that a migration is paused", () => {
  const migration = aRunningMigration({ ...asked, state: "paused" });
  const status = presentAnswer(
    { kind: "status", running: [{ migration, steps: [], link: null }] },
    at("14:01:00"),
  );
  expect(JSON.stringify(status.parts)).toContain("The migration of orders is paused");
  const addon = {
    id: "addon_orders",
    name: "orders",
    engine: "postgresql",
    engineName: "PostgreSQL",
    version: "15",
    planName: "S",
    zone: "par",
    migration,
  };
  const listed = presentAnswer({ kind: "addons", addons: [addon] }, at("14:01:00"));
  expect(JSON.stringify(listed.parts)).toContain("migration paused");
});
