import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditAll } from "../../src/migrations/audit/audit.ts";
import { drive } from "../../src/migrations/runner/drive.ts";
import { readRecords } from "../../src/store/read-records.ts";
import { openWorkbench, type Workbench } from "../migrations/workbench.ts";

let bench: Workbench;

beforeAll(async () => {
  bench = await openWorkbench();
  const { id } = await bench.confirmed();
  await drive(bench.driver("one"), id);
});

afterAll(async () => {
  await bench.close();
});

async function violations(): Promise<string[]> {
  const options = { now: new Date(), graceMs: 40_000, secrets: ["canary-in-a-checkpoint"] };
  const found = await auditAll(readRecords(bench.pool), options);
  expect(found.count).toBe(1);
  return found.violations.map(({ invariant, what }) => `${invariant}: ${what}`);
}

/** What somebody with the database's password could do; the audit trail's own triggers are switched off first. */
const TAMPERED = [
  ["UPDATE godwit.events SET actor = 'nobody' WHERE sequence = 3", /events-sealed: Event 3 was changed/],
  ["DELETE FROM godwit.events WHERE sequence = 4", /events-sealed: Event 4 is missing/],
  [
    `UPDATE godwit.steps SET checkpoint = '{"note": "canary-in-a-checkpoint"}' WHERE name = 'copy'`,
    /no-secret: Its events, steps or messages hold a secret/,
  ],
  [
    "UPDATE godwit.steps SET status = 'pending' WHERE name = 'copy'",
    /steps-in-order: .* the steps copy are not/,
  ],
  ["UPDATE godwit.chat_outbox SET status = 'sent' WHERE sequence = 3", /messages-in-order: Message 3/],
] as const;

describe("the records of a migration", () => {
  it("as Godwit has written them, hold every invariant", async () => {
    expect(await violations()).toEqual([]);
  });

  it.each(TAMPERED)("that were changed by hand are found out: %s", async (sql, what) => {
    const client = await bench.pool.connect();
    try {
      await client.query("SET session_replication_role = replica");
      await client.query(sql);
    } finally {
      client.release(true);
    }

    expect(await violations()).toEqual(expect.arrayContaining([expect.stringMatching(what)]));
  });
});
