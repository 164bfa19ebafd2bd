import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DatabaseAccess } from "../../../src/core/ports/engine.ts";
import { Secret } from "../../../src/core/secret.ts";
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from "../../../src/store/embedded/start-embedded-postgres.ts";
import { aCall } from "../../contracts/engine-subject.ts";
import { querySql } from "../../support/test-database.ts";
import { until } from "../../support/until.ts";
import { expectObstacles, expectRow, findingsOf, OR_COPY, type Row, sharedServer } from "./live-findings.ts";
import { aDatabase, anEngine } from "./make-subject.ts";

const signal = new AbortController().signal;
const engine = anEngine();

describe("preflight of a live migration, about the servers", () => {
  let small: EmbeddedPostgres;
  let strict: EmbeddedPostgres;
  const access = (id: string, server: EmbeddedPostgres, user = "postgres"): DatabaseAccess => {
    const url = new URL(server.url);
    if (user !== "postgres") [url.username, url.password] = [user, "x"];
    const adminUrl = new Secret(url.href);
    return {
      server: { id, adminUrl },
      database: "postgres",
      username: "postgres",
      password: new Secret("x"),
    };
  };

  beforeAll(async () => {
    small = await startEmbeddedPostgres({
      binaries: "embedded-postgres-15",
      superuserPassword: "x",
      settings: {
        wal_level: "replica",
        max_replication_slots: "2",
        max_wal_senders: "3",
        max_slot_wal_keep_size: "1GB",
        max_worker_processes: "1",
        max_logical_replication_workers: "1",
      },
    });
    strict = await startEmbeddedPostgres({
      superuserPassword: "x",
      settings: {
        wal_level: "logical",
        max_replication_slots: "3",
        max_wal_senders: "4",
        max_active_replication_origins: "0",
      },
    });
    for (const name of ["one", "two"])
      await querySql(
        small.url,
        `CREATE SUBSCRIPTION ${name} CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p WITH (connect = false)`,
      );
    await querySql(
      small.url,
      "ALTER SUBSCRIPTION one ENABLE; CREATE ROLE weak LOGIN CREATEDB CREATEROLE PASSWORD 'x'",
    );
  });
  afterAll(async () => {
    await small?.stop();
    await strict?.stop();
  });

  const SOURCE_ROWS: readonly Row[] = [
    [
      "wal-level",
      "blocker",
      "The old server runs with wal_level = replica, which does not allow replication.",
      `Set wal_level = logical on the old server and restart it, ${OR_COPY}`,
    ],
    [
      "free-slots",
      "blocker",
      "A replication needs 3 free replication slots, and the old server has 2.",
      "Drop slots that nobody reads, or raise max_replication_slots on the old server and restart it.",
    ],
    [
      "free-senders",
      "blocker",
      "A replication needs 4 free senders of changes, and the old server has 3.",
      "Raise max_wal_senders on the old server and restart it.",
    ],
    [
      "replication-right",
      "blocker",
      "Godwit's administrator on the old server, “weak”, may not set up a replication.",
      `Give Godwit a superuser on the old server, ${OR_COPY}`,
    ],
  ];

  it("tells what the old server lacks", async () => {
    const source = access("small", small, "weak");
    const found = await findingsOf(source, await sharedServer(18));
    for (const row of SOURCE_ROWS) expectRow(found, row);
    expectRow(found, [
      "administrator",
      "blocker",
      "Godwit's administrator is not a superuser on both servers.",
      "Give Godwit a superuser on both, since only that can fence a database for certain.",
    ]);
    await expectObstacles(source, SOURCE_ROWS);
    expect((await findingsOf(access("small", small), await sharedServer(18)))["slot-bound"]).toMatchObject({
      level: "info",
      summary:
        "The old server drops changes that were not replicated once they take 1024 MB; the replication then starts anew.",
    });
  });

  it("is content with just enough slots and senders", async () => {
    const found = await findingsOf(access("strict", strict), await sharedServer(18));
    expect(Object.keys(found)).toEqual(["fence-by-locks", "slot-bound", "wal-disk"]);
  });

  it.each([
    [
      "target-workers",
      "The new server has no room for another replication: max_logical_replication_workers is 1.",
      `Raise max_logical_replication_workers on the new server and restart it, ${OR_COPY}`,
    ],
    [
      "target-origins",
      "The new server cannot note how far another replication is: max_replication_slots is 2.",
      `Raise that setting on the new server and restart it, ${OR_COPY}`,
    ],
    [
      "target-processes",
      "The new server has no worker process left for a replication: max_worker_processes is 1.",
      `Raise max_worker_processes on the new server and restart it, ${OR_COPY}`,
    ],
  ] as const)("tells of %s", async (check, summary, remedy) => {
    const source = await aDatabase(15);
    expectRow(await findingsOf(source, access("small", small).server), [check, "blocker", summary, remedy]);
    await engine.drop(source, signal);
  });

  it("knows the setting of a newer server, and does not try what it cannot", async () => {
    const source = await aDatabase(15);
    const found = await findingsOf(source, access("strict", strict).server);
    expect(found["target-origins"]?.summary).toBe(
      "The new server cannot note how far another replication is: max_active_replication_origins is 0.",
    );
    expect(Object.keys(found)).toEqual(["target-origins", "slot-bound", "wal-disk"]);
    await engine.drop(source, signal);
  });

  it("refuses to start on a server without room, in the same words", async () => {
    const source = await aDatabase(15, "CREATE TABLE t (id int PRIMARY KEY)");
    const target = { ...source, server: access("small", small).server, database: "postgres" };
    const plan = { id: `mig_${source.database.slice(-8)}`, backlogLimitBytes: 1e9 };
    const start = engine.replication?.start({ source, target }, plan, aCall());
    await expect(start).rejects.toMatchObject({
      code: "replication-obstacle",
      summary: expect.stringContaining("max_logical_replication_workers is 1. The new server cannot note"),
    });
    await engine.replication?.end({ source, target }, plan.id, signal);
    await engine.drop(source, signal);
  });

  /** Makes this the only line of the server's pg_hba.conf, and waits until an unknown user is told so. */
  async function letIn(line: string, answer: string): Promise<void> {
    const file = (await querySql<{ hba_file: string }>(strict.url, "SHOW hba_file"))[0]?.hba_file;
    await querySql(strict.url, `COPY (SELECT '${line}') TO '${file}'; SELECT pg_reload_conf()`);
    const asNobody = new URL(strict.url);
    asNobody.username = "godwit_nobody";
    const isTold = () =>
      querySql(asNobody.href, "SELECT 1").then(
        () => false,
        (error: unknown) => String(error).includes(answer),
      );
    await until(isTold, { what: `the server to say ${answer}` });
  }

  it("tells when the old server does not let the new one in, and not when it asks for nothing", async () => {
    await letIn("host all postgres all scram-sha-256", "pg_hba.conf");
    expectRow(await findingsOf(access("strict", strict), await sharedServer(15)), [
      "replication-refused",
      "blocker",
      `Server pg15 is not let in by server strict at 127.0.0.1, port ${strict.port}, to read its changes.`,
      `Add a line for the new server to pg_hba.conf of the old one, ${OR_COPY}`,
    ]);
    await letIn("host all all all trust", "does not exist");
    const found = await findingsOf(access("strict", strict), await sharedServer(15));
    expect(Object.keys(found).filter((check) => check.startsWith("replication-"))).toEqual([]);
  });
});
