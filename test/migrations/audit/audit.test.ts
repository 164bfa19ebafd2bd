import { describe, expect, it } from "vitest";
import type { Records } from "../../../src/core/records.ts";
import { auditAll, type Invariant } from "../../../src/migrations/audit/audit.ts";
import { ago, aMessage, anEvent, healthyRecords, NOW } from "./healthy-records.ts";

type Break = (healthy: Records) => Partial<Records>;

/** Each invariant, broken on purpose in each way it can be. */
const BREAKS: readonly (readonly [Invariant, string, Break])[] = [
  [
    "events-sealed",
    "an event is missing",
    ({ events }) => ({ events: events.filter(({ sequence }) => sequence !== 4) }),
  ],
  [
    "events-sealed",
    "an event was changed",
    ({ events }) => ({ events: events.map((event) => ({ ...event, sealed: event.sequence !== 3 })) }),
  ],
  [
    "events-sealed",
    "an event does not follow the one before",
    ({ events }) => ({ events: events.map((event) => ({ ...event, chained: event.sequence !== 3 })) }),
  ],
  ["events-sealed", "all events are gone", () => ({ events: [] })],
  [
    "epochs-rise",
    "a worker wrote after another had taken over",
    ({ events }) => ({ events: events.with(4, anEvent(5, "step-done", 0)) }),
  ],
  [
    "epochs-rise",
    "the lease is of an older epoch than an event",
    () => ({ lease: { epoch: 1, until: null } }),
  ],
  [
    "confirmed-first",
    "nobody has confirmed",
    ({ events }) => ({ events: events.with(1, anEvent(2, "rechecked")) }),
  ],
  ["one-running-step", "two steps run", running("running", "running")],
  ["steps-in-order", "a step runs before the one before it is done", running("pending", "running")],
  ["steps-in-order", "a step of a migration that has succeeded is not done", leftOver("succeeded", "failed")],
  ["steps-in-order", "a step of a migration that was taken back is not", leftOver("rolled_back", "done")],
  ["one-end", "no event says that it has ended", ({ events }) => ({ events: events.slice(0, -1) })],
  [
    "one-end",
    "two events say that it has ended",
    ({ events }) => ({ events: [...events, anEvent(8, "rolled-back")] }),
  ],
  [
    "one-end",
    "it goes on after its end",
    ({ migration }) => ({ migration: { ...migration, state: "running" } }),
  ],
  [
    "pivot-once",
    "the pivot has passed twice",
    ({ events }) => ({ events: [...events, anEvent(8, "pivot-passed")] }),
  ],
  [
    "pivot-once",
    "it was taken back after its pivot",
    ({ migration }) => ({ migration: { ...migration, state: "rolled_back" } }),
  ],
  ["end-told-once", "its end is not told", ({ messages }) => ({ messages: messages.slice(0, 2) })],
  [
    "end-told-once",
    "its end is told twice",
    ({ messages }) => ({ messages: [...messages, aMessage(4, "post", "succeeded")] }),
  ],
  [
    "no-fence-left",
    "a database is read-only past its deadline",
    ({ migration }) => ({
      migration: { ...migration, state: "needs_support", pivotPassed: false },
      fence: { deadline: ago(100), liftedAt: null },
    }),
  ],
  [
    "no-fence-left",
    "a database is read-only after its migration was taken back",
    ({ migration }) => ({
      migration: { ...migration, state: "rolled_back", pivotPassed: false, finishedAt: ago(100) },
      fence: { deadline: ago(-3_600), liftedAt: null },
    }),
  ],
  [
    "moves-on",
    "nobody holds it",
    ({ migration }) => ({
      migration: { ...migration, state: "running" },
      lease: { epoch: 2, until: ago(100) },
    }),
  ],
  [
    "moves-on",
    "nobody has taken it up",
    ({ migration, events }) => ({
      migration: { ...migration, state: "queued" },
      lease: { epoch: 0, until: null },
      events: events.slice(0, 2),
    }),
  ],
  [
    "messages-in-order",
    "a later message was sent first",
    ({ messages }) => ({
      messages: messages.with(1, aMessage(2, "edit", "progress", { status: "pending" })),
    }),
  ],
  [
    "messages-in-order",
    "a message was sent at an earlier time than the one before",
    ({ messages }) => ({
      messages: messages.with(2, aMessage(3, "post", "succeeded", { sentAt: ago(150) })),
    }),
  ],
  [
    "messages-in-order",
    "two posts are one message",
    ({ messages }) => ({ messages: messages.with(2, aMessage(3, "post", "succeeded", { remoteId: "m1" })) }),
  ],
  [
    "messages-in-order",
    "a message is missing",
    ({ messages }) => ({ messages: messages.filter(({ sequence }) => sequence !== 2) }),
  ],
  [
    "no-secret",
    "a password stands in a message",
    ({ messages }) => ({ messages: messages.with(0, aMessage(1, "post", "canary-7f3a9c")) }),
  ],
];

function running(first: "pending" | "running", second: "running"): Break {
  return ({ migration, steps, events }) => ({
    migration: { ...migration, state: "running", pivotPassed: false },
    events: events.slice(0, 5),
    steps: steps.map((step, index) => ({ ...step, status: index === 0 ? first : second })),
  });
}

function leftOver(state: "succeeded" | "rolled_back", status: "failed" | "done"): Break {
  return ({ migration, steps }) => ({
    migration: { ...migration, state },
    steps: steps.map((step) => ({ ...step, status })),
  });
}

const options = { now: NOW, graceMs: 40_000, secrets: ["canary-7f3a9c", "short"] };

async function violationsOf(...all: readonly Records[]) {
  // A page each, as in an installation with many migrations.
  async function* pages() {
    for (const records of all) yield [records];
  }
  return (await auditAll(pages(), options)).violations;
}

describe("an audit", () => {
  it("finds nothing wrong with a migration that went well", async () => {
    expect(await violationsOf(healthyRecords())).toEqual([]);
  });

  it.each(BREAKS)("names %s when %s", async (invariant, _, broken) => {
    const healthy = healthyRecords();

    const violations = await violationsOf({ ...healthy, ...broken(healthy) });

    expect(violations.map((violation) => violation.invariant)).toContain(invariant);
  });

  it("names one-live-migration when two hold one add-on, wherever they were read", async () => {
    const { migration, ...rest } = healthyRecords();
    const live = (id: string, addonId: string): Records => ({
      ...rest,
      migration: { ...migration, id, addonId, state: "needs_support" },
    });

    const violations = await violationsOf(live("mig_1", "a"), live("mig_2", "b"), live("mig_3", "a"));

    expect(violations.filter(({ invariant }) => invariant === "one-live-migration")).toEqual([
      {
        invariant: "one-live-migration",
        migrationId: "mig_3",
        what: "It is live on a together with mig_1.",
      },
    ]);
  });
});
