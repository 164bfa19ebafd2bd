import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DatabaseAccess } from "../../../src/core/ports/engine.ts";
import {
  expectObstacles,
  expectRow,
  type Found,
  findingsOf,
  OR_COPY,
  type Row,
  sharedServer,
} from "./live-findings.ts";
import { LIVE_TROUBLES } from "./live-troubles.ts";
import { aDatabase, anEngine } from "./make-subject.ts";

const signal = new AbortController().signal;
const engine = anEngine();

const TABLE_ROWS: readonly Row[] = [
  [
    "replica-identity",
    "blocker",
    "Tables have no key by which a replication could find changed rows: “public.deferred”, “public.keyless”, “public.nothing”, “public.unindexed”.",
    "Give each a primary key that is not deferrable, or run ALTER TABLE … REPLICA IDENTITY FULL on it.",
  ],
  [
    "full-identity",
    "warning",
    "Changed rows of these tables are found by all their values, which is slow: “public.full_deep”, “public.full_json”, “public.full_one”.",
    "Give them a primary key if they are large and change often.",
  ],
  [
    "uncomparable-rows",
    "blocker",
    "These tables are identified by whole rows, and hold types that cannot be compared: “public.full_deep”, “public.full_json”.",
    `Add a primary key to each, ${OR_COPY}`,
  ],
  [
    "generated-identity",
    "blocker",
    "Rows of these tables are identified by generated columns, which are not replicated: “public.made”.",
    `Give each a primary key of ordinary columns and REPLICA IDENTITY DEFAULT, ${OR_COPY}`,
  ],
  [
    "unlogged-tables",
    "blocker",
    "Unlogged tables are not replicated: “public.cache”.",
    `Run ALTER TABLE … SET LOGGED on each, ${OR_COPY}`,
  ],
  [
    "large-objects",
    "blocker",
    "Large objects are not replicated, and there are 2.",
    `Move them into bytea columns, ${OR_COPY}`,
  ],
  [
    "replica-triggers",
    "blocker",
    "Triggers of these tables would run a second time for replicated rows: “public.always”, “public.replica”.",
    `Run ALTER TABLE … ENABLE TRIGGER on each, ${OR_COPY}`,
  ],
  [
    "forced-row-security",
    "blocker",
    "Row security binds the owner of these tables too, so no replication may write them: “public.forced”.",
    `Run ALTER TABLE … NO FORCE ROW LEVEL SECURITY on each, ${OR_COPY}`,
  ],
];

describe("preflight of a live migration, about the tables", () => {
  let source: DatabaseAccess;
  let live: Found;
  beforeAll(async () => {
    source = await aDatabase(15, LIVE_TROUBLES);
    live = await findingsOf(source, await sharedServer(18));
  });
  afterAll(() => engine.drop(source, signal));

  it.each(TABLE_ROWS)("tells of %s as a %s", (...row) => expectRow(live, row));

  it("reads the same words as obstacles, in the same order", () => expectObstacles(source, TABLE_ROWS));

  it("says what replicating asks of the old server's disk", () => {
    expect(live["slot-bound"]).toMatchObject({
      level: "info",
      summary:
        "The old server keeps changes for replication without a bound; Godwit watches how many they are.",
    });
    expect(live["wal-disk"]).toMatchObject({
      level: "info",
      summary: expect.stringMatching(
        /^The old server's log takes \d+ \wB of its disk, and about \d+ (\wB|bytes) are written to it in an hour; /,
      ),
    });
  });

  it("says nothing of it to those who copy while read-only", async () => {
    const dump = await findingsOf(source, await sharedServer(18), { strategy: "dump" });
    expect(Object.values(dump).map(({ check, level }) => `${check}: ${level}`)).toEqual([
      "large-objects: info",
      "unlogged-tables: info",
      "partitions: info",
      "generated-columns: info",
      "row-security: info",
    ]);
  });

  it("knows that a server from 18 on refuses changes of whole rows with generated columns", async () => {
    const newer = await aDatabase(
      18,
      "CREATE TABLE made (a int, g int GENERATED ALWAYS AS (a + 1) STORED); ALTER TABLE made REPLICA IDENTITY FULL",
    );
    const found = await findingsOf(newer, await sharedServer(18));
    expect(found["generated-identity"]?.summary).toContain("“public.made”");
    await engine.drop(newer, signal);
  });
});
