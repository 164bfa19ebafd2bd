import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Member } from "../../src/core/member.ts";
import type { PressAction } from "../../src/core/ports/chat.ts";
import { auditAll } from "../../src/migrations/audit/audit.ts";
import { createInbound } from "../../src/migrations/inbound.ts";
import { drive } from "../../src/migrations/runner/drive.ts";
import { readRecords } from "../../src/store/read-records.ts";
import { CHANNEL, openWorkbench, type Workbench } from "../migrations/workbench.ts";

const PRESSES = 100;
const EVERY_ACTION: readonly PressAction[] = [
  "confirm",
  "cancel",
  "recheck",
  "retry",
  "acknowledge",
  "solve",
  "switch",
  "disarm",
];

let bench: Workbench;
const alice: Member = {
  platform: "slack",
  workspace: "T1",
  id: "U1ALICE",
  name: "alice",
  kind: "member",
  groups: [],
};

beforeAll(async () => {
  bench = await openWorkbench();
  Object.assign(bench.deps, { policy: { migrate: { slack: { users: ["U1ALICE"], groups: [] } } } });
});

afterAll(() => bench.close());

function press(
  migrationId: string,
  action: PressAction,
  more: { hash?: string; delivery?: string; by?: Member } = {},
) {
  const inbound = createInbound({
    deps: bench.deps,
    rightOf: () => "migrate",
    runCommand: async () => Promise.reject(new Error("none")),
  });
  const { hash = null, delivery = `d${Math.random()}`, by = alice } = more;
  return inbound.press({
    deliveryId: delivery,
    member: by,
    place: CHANNEL,
    action,
    migrationId,
    planHash: hash,
  });
}

const eventsOf = async (id: string, type: string) =>
  (await bench.pool.query("SELECT FROM godwit.events WHERE migration_id = $1 AND type = $2", [id, type]))
    .rowCount;

async function end(id: string): Promise<void> {
  await drive(bench.driver("worker"), id);
  const { violations } = await auditAll(readRecords(bench.pool), { now: new Date(), graceMs: 60_000 });
  expect(violations).toEqual([]);
}

describe("a draft", () => {
  it.each(["one press delivered", "as many presses"])(
    `that is confirmed ${PRESSES} times at once, by %s, starts once`,
    async (how) => {
      const { id, planHash: hash } = await bench.draft();
      const same = how.startsWith("one") ? { delivery: `same ${id}` } : {};
      const answers = await Promise.all(
        Array.from({ length: PRESSES }, () => press(id, "confirm", { hash, ...same })),
      );

      expect(answers.filter(({ kind }) => kind === "confirmed")).toHaveLength(1);
      expect(await eventsOf(id, "confirmed")).toBe(1);
      await end(id);
    },
    60_000,
  );

  it("is not started by who has seen other terms, none, or those of another draft", async () => {
    const { id, planHash } = await bench.draft();
    bench.provider.plans[1] = { ...bench.provider.plans[1]!, memoryBytes: 77 };
    const answers = [
      await press(id, "confirm", { hash: planHash }),
      await press(id, "confirm"),
      await press(id, "confirm", { hash: "0".repeat(64) }),
    ];

    expect(answers.map(({ kind }) => kind)).toEqual(["refused", "refused", "refused"]);
    expect(await eventsOf(id, "confirmed")).toBe(0);
    await press(id, "cancel");
  });
});

describe("presses that nobody should have made", () => {
  it("on migrations that do not exist are refused, whatever stands in them", async () => {
    const ids = [
      "mig_0000000000000000",
      "",
      "'; DROP TABLE godwit.events; --",
      "../../etc/passwd",
      "\u0000",
      "x".repeat(10_000),
    ];
    for (const id of ids)
      for (const action of EVERY_ACTION) expect(await press(id, action)).toMatchObject({ kind: "refused" });
  });

  it("by people without the right are refused for every action", async () => {
    const { id, planHash: hash } = await bench.draft();
    for (const by of [{ ...alice, id: "U2EVE" }, { ...alice, kind: "external" } as const])
      for (const action of EVERY_ACTION)
        expect(await press(id, action, { hash, by })).toMatchObject({ kind: "refused" });
    expect((await bench.store.migration(id))?.state).toBe("awaiting_confirmation");
    await press(id, "cancel");
  });

  it("that are stale, replayed or out of order start, double and take back nothing", async () => {
    const { id, planHash: hash } = await bench.draft();
    expect(await press(id, "switch")).toMatchObject({ kind: "refused" });
    expect(await press(id, "retry")).toMatchObject({ kind: "refused" });
    expect(await press(id, "solve")).toMatchObject({ kind: "refused" });
    await press(id, "confirm", { hash, delivery: "first" });
    await end(id);
    for (const action of EVERY_ACTION)
      expect(await press(id, action, { hash, delivery: "first" })).toMatchObject({ kind: "refused" });
    expect((await bench.store.migration(id))?.state).toBe("succeeded");
  });
});
