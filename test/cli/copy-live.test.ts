import { describe, expect, it } from "vitest";
import { appUrl } from "../engines/postgresql/database-urls.ts";
import { readContent } from "../engines/postgresql/read-content.ts";
import { querySql } from "../support/test-database.ts";
import { until } from "../support/until.ts";
import {
  acceptsWrites,
  atGate,
  expectNothingLost,
  holdUpSwitch,
  LIVE_SOURCE,
  leftOn,
  numbersIn,
  replicationId,
  startWriter,
} from "./copy-live-support.ts";
import { canWrite, lastLine, linesOf, useCopies } from "./copy-support.ts";

const copies = useCopies();
const LIVE = ["--strategy", "live"];

describe("godwit copy --strategy live", () => {
  it("waits at its gate for a signal, loses no write, and is read-only for the switch alone", async () => {
    const subject = await copies.make(LIVE_SOURCE);
    const { source, target } = subject;
    const writer = startWriter(source);
    const copy = copies.start(LIVE, subject);
    await atGate(copy);
    await copy.seen(new RegExp(`send SIGUSR2 to process ${copy.pid}`));
    const id = await replicationId(copies, subject);
    await querySql(appUrl(source), "SELECT nextval('public.lonely')"); // Replication leaves sequences out.
    copy.signal("SIGUSR2");
    const run = await copy.ended;
    await writer.stop();
    const report = lastLine(run);
    expect({ exitCode: run.exitCode, stderr: run.stderr, ...report }).toMatchObject({
      exitCode: 0,
      stderr: "",
      strategy: "live",
      verified: true,
      fenced: true,
    });
    for (const key of ["rows", "bytes", "readOnlySeconds"]) expect(report[key]).toBeGreaterThan(0);
    expect(report["readOnlySeconds"]).toBeLessThan(Number(report["seconds"]));
    await expectNothingLost(writer, target);
    expect(await acceptsWrites(source)).toBe(false);
    expect(await canWrite(target)).toBe(true);
    expect([await leftOn(source, id), await leftOn(target, id)]).toEqual([[], []]);
    expect((await copies.run(["--unfence"], subject.from)).stdout).toContain("accepts writes again");
    expect(await copies.note()).toBeNull();
  });

  it("switches by itself with --switch-at now, and opens the old database with --unfence", async () => {
    const subject = await copies.make(LIVE_SOURCE);
    const { source, target, from, to } = subject;
    const run = await copies.run([...LIVE, "--json", "--switch-at", "now", "--unfence"], from, to);
    expect({ exitCode: run.exitCode, stderr: run.stderr, ...lastLine(run) }).toMatchObject({
      exitCode: 0,
      stderr: "",
      verified: true,
      fenced: false,
    });
    expect(await readContent(target)).toEqual(await readContent(source));
    expect(await acceptsWrites(source)).toBe(true);
    expect(await copies.note()).toBeNull();
  });

  it("switches when its time has come, not before", async () => {
    const subject = await copies.make(LIVE_SOURCE);
    const at = new Date(Date.now() + 6_000);
    const copy = copies.start([...LIVE, "--switch-at", at.toISOString()], subject);
    await copy.seen(/"name":"fence"/);
    expect(Date.now()).toBeGreaterThanOrEqual(at.getTime());
    const run = await copy.ended;
    expect({ exitCode: run.exitCode, ...lastLine(run) }).toMatchObject({ exitCode: 0, verified: true });
    const gates = linesOf(run).filter(({ type }) => type === "gate");
    expect(gates[0]).toMatchObject({ mode: "at", switchAt: at.toISOString(), state: "armed", pid: copy.pid });
    expect(gates.length).toBeLessThan(5);
  });

  it("opens the old database when a switch takes too long, follows again, and switches when it is told to", async () => {
    const subject = await copies.make(LIVE_SOURCE);
    const { source, target } = subject;
    const writer = startWriter(source);
    const copy = copies.start([...LIVE, "--switch-limit", "5s"], subject);
    await atGate(copy);
    const letGo = await holdUpSwitch(target);
    copy.signal("SIGUSR2");
    await copy.seen(/did not come through within 5.0 s/);
    await letGo();
    await copy.seen(/"type":"gate","state":"retrying"/);
    const before = writer.accepted.length;
    await until(() => writer.accepted.length > before + 20, { what: "writes after the return" });
    await until(async () => (await numbersIn(target)).has(writer.accepted[before + 1] ?? 0), {
      what: "the copy to follow again",
    });
    copy.signal("SIGUSR2"); // Sooner than by itself.
    const run = await copy.ended;
    await writer.stop();
    expect({ exitCode: run.exitCode, ...lastLine(run) }).toMatchObject({ exitCode: 0, verified: true });
    await expectNothingLost(writer, target);
  }, 180_000);

  it("gives up, and leaves nothing, when the old server keeps too much for it", async () => {
    const subject = await copies.make(LIVE_SOURCE);
    const { source, from, to } = subject;
    const run = await copies.run([...LIVE, "--json", "--replication-limit", "1B"], from, to);
    expect({ exitCode: run.exitCode, ...lastLine(run) }).toMatchObject({
      exitCode: 1,
      code: "replication-overgrown",
      remedy: expect.stringContaining("--replication-limit"),
    });
    const slots = "SELECT 1 FROM pg_replication_slots WHERE database = current_database()";
    expect(await querySql(from, slots)).toEqual([]);
    expect(await acceptsWrites(source)).toBe(true);
  });

  it("refuses with exit code 2 and names every obstacle with its remedy", async () => {
    const { from, to, source } = await copies.make(
      "CREATE TABLE keyless (a int); CREATE UNLOGGED TABLE volatile (a int PRIMARY KEY)",
    );
    const run = await copies.run([...LIVE, "--json"], from, to);
    const blockers = linesOf(run).filter(({ level }) => level === "blocker");
    expect(run.exitCode).toBe(2);
    expect(blockers).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          check: "replica-identity",
          remedy: expect.stringContaining("primary key"),
        }),
        expect.objectContaining({ check: "unlogged-tables", remedy: expect.stringContaining("SET LOGGED") }),
      ]),
    );
    expect(new Set(blockers.map(({ check }) => check)).size).toBe(blockers.length);
    expect(await canWrite(source)).toBe(true);
  });

  it("refuses options that make no sense with exit code 2", async () => {
    const { from, to } = await copies.make("CREATE TABLE t (a int PRIMARY KEY)");
    const cases: [string[], RegExp][] = [
      [[...LIVE, "--switch-at", "soon"], /--switch-at is no time/],
      [[...LIVE, "--switch-at", "2020-01-01T10:00"], /in the past/],
      [[...LIVE, "--switch-limit", "0s"], /--switch-limit is a duration/],
      [[...LIVE, "--replication-limit", "much"], /--replication-limit is a size/],
      [["--switch-at", "now"], /belongs to --strategy live/],
      [["--strategy", "magic"], /dump or live/],
    ];
    for (const [args, sentence] of cases)
      expect(await copies.run(args, from, to)).toMatchObject({
        exitCode: 2,
        stderr: expect.stringMatching(sentence),
      });
  });
});
