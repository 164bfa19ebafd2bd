import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { adminUrl, appUrl } from "../engines/postgresql/database-urls.ts";
import { readContent } from "../engines/postgresql/read-content.ts";
import { querySql } from "../support/test-database.ts";
import {
  acceptsWrites,
  atGate,
  expectNothingLost,
  holdUpSwitch,
  LIVE_SOURCE,
  LONGER,
  leftOn,
  replicationId,
  startWriter,
} from "./copy-live-support.ts";
import { type CopySubject, lastLine, linesOf, useCopies } from "./copy-support.ts";

const copies = useCopies();
const LIVE = ["--strategy", "live"];
const NOW = [...LIVE, "--switch-at", "now"];
const RESUME = ["--json", ...NOW, "--resume"];

/** Starts a live copy and kills it at its gate; returns the replication's ID. */
async function killedAtGate(subject: CopySubject): Promise<string> {
  const copy = copies.start(LIVE, subject);
  await atGate(copy);
  const id = await replicationId(copies, subject);
  copy.signal("SIGKILL");
  await copy.ended;
  return id;
}

const phasesOf = (run: { readonly stdout: string }): unknown[] =>
  linesOf(run)
    .filter(({ type }) => type === "phase")
    .map(({ name }) => name);

async function expectNothingLeft({ source, target }: CopySubject, id: string): Promise<void> {
  expect({ source: await leftOn(source, id), target: await leftOn(target, id) }).toEqual({
    source: [],
    target: [],
  });
}

describe("a live copy that is interrupted", () => {
  it.each([
    ["while it copies", /"label":"[^"]*copying bulk/],
    ["at its gate", /"type":"gate"/],
  ])("leaves nothing %s", async (_, line) => {
    const subject = await copies.make(LIVE_SOURCE);
    await querySql(appUrl(subject.source), LONGER);
    const copy = copies.start(LIVE, subject);
    await copy.seen(line);
    const id = await replicationId(copies, subject);
    copy.signal("SIGINT");
    const run = await copy.ended;
    expect({ exitCode: run.exitCode, ...lastLine(run) }).toMatchObject({
      exitCode: 1,
      code: "interrupted",
      fenced: false,
    });
    await expectNothingLeft(subject, id);
    expect(await copies.note()).toMatchObject({ replication: null, undo: null });
    expect(await acceptsWrites(subject.source)).toBe(true);
  });

  it("opens the old database and leaves nothing under its fence", async () => {
    const subject = await copies.make(LIVE_SOURCE);
    const copy = copies.start(LIVE, subject);
    await atGate(copy);
    const id = await replicationId(copies, subject);
    const letGo = await holdUpSwitch(subject.target);
    copy.signal("SIGUSR2");
    await copy.seen(/setting sequences/);
    expect(await acceptsWrites(subject.source)).toBe(false);
    copy.signal("SIGTERM");
    expect(await copy.ended).toMatchObject({ exitCode: 1 });
    await letGo();
    await expectNothingLeft(subject, id);
    expect(await acceptsWrites(subject.source)).toBe(true);
  });
});

describe("a live copy that is killed", () => {
  it("is copied anew by --resume when it was not complete", async () => {
    const subject = await copies.make(LIVE_SOURCE);
    await querySql(appUrl(subject.source), LONGER);
    const copy = copies.start(LIVE, subject);
    await copy.seen(/"label":"[^"]*copying bulk/);
    const id = await replicationId(copies, subject);
    copy.signal("SIGKILL");
    await copy.ended;
    expect(await leftOn(subject.source, id)).toContain("slot");
    await querySql(appUrl(subject.source), "TRUNCATE public.bulk"); // Its rows have done their duty.

    const run = await copies.run([...RESUME, "--unfence"], subject.from, subject.to);

    expect({ exitCode: run.exitCode, ...lastLine(run) }).toMatchObject({ exitCode: 0, verified: true });
    expect(phasesOf(run)).toContain("replicate");
    expect(await readContent(subject.target)).toEqual(await readContent(subject.source));
    await expectNothingLeft(subject, id);
  });

  it("follows again by --resume when it was complete, and loses no write", async () => {
    const subject = await copies.make(LIVE_SOURCE);
    const writer = startWriter(subject.source);
    const id = await killedAtGate(subject);

    const run = await copies.run(RESUME, subject.from, subject.to);

    await writer.stop();
    expect({ exitCode: run.exitCode, stderr: run.stderr, ...lastLine(run) }).toMatchObject({
      exitCode: 0,
      stderr: "",
      verified: true,
    });
    expect(lastLine(run)["bytes"]).toBeGreaterThan(1_000_000);
    expect(phasesOf(run)).toEqual(expect.not.arrayContaining(["schema", "replicate"]));
    await expectNothingLost(writer, subject.target);
    await expectNothingLeft(subject, id);
  });

  it("is opened by --resume when it was under its fence, and goes on from its gate", async () => {
    const subject = await copies.make(LIVE_SOURCE);
    const copy = copies.start(LIVE, subject);
    await atGate(copy);
    const letGo = await holdUpSwitch(subject.target);
    copy.signal("SIGUSR2");
    await copy.seen(/setting sequences/);
    copy.signal("SIGKILL");
    await copy.ended;
    await letGo();
    expect(await acceptsWrites(subject.source)).toBe(false);

    const resumed = copies.start([...LIVE, "--resume"], subject);
    await atGate(resumed);
    expect(await acceptsWrites(subject.source)).toBe(true);
    resumed.signal("SIGUSR2");
    const run = await resumed.ended;

    expect({ exitCode: run.exitCode, ...lastLine(run) }).toMatchObject({ exitCode: 0, verified: true });
    expect(phasesOf(run)).not.toContain("replicate");
    expect(await readContent(subject.target)).toEqual(await readContent(subject.source));
  });

  it("is given up by --resume, with nothing left, when the schema has changed since", async () => {
    const subject = await copies.make(LIVE_SOURCE);
    const id = await killedAtGate(subject);
    await querySql(appUrl(subject.source), "ALTER TABLE public.bulk ADD COLUMN added int");
    const run = await copies.run(RESUME, subject.from, subject.to);
    expect({ exitCode: run.exitCode, ...lastLine(run) }).toMatchObject({
      exitCode: 1,
      code: "schema-changed",
    });
    await expectNothingLeft(subject, id);
  });

  it("is taken away by the next copy that does not go on with it", async () => {
    const subject = await copies.make(LIVE_SOURCE);
    const id = await killedAtGate(subject);
    const run = await copies.run(["--json", ...NOW], subject.from, subject.to);
    expect({ exitCode: run.exitCode, ...lastLine(run) }).toMatchObject({ exitCode: 0, verified: true });
    expect(phasesOf(run)).toContain("replicate");
    await expectNothingLeft(subject, id);
  });

  it("leaves no slot after a copy to another place, even one that is refused, which says what is left", async () => {
    const subject = await copies.make(LIVE_SOURCE);
    const elsewhere = await copies.make("");
    const id = await killedAtGate(subject);
    await querySql(appUrl(subject.source), "CREATE UNLOGGED TABLE public.volatile (a int PRIMARY KEY)");
    const owner = ["--owner", elsewhere.target.username];
    const run = await copies.run(["--json", ...NOW, ...owner], subject.from, elsewhere.to);
    expect(run.exitCode).toBe(2);
    expect(run.stdout).toContain(`keeps its half of the replication ${id}`);
    expect(await leftOn(subject.source, id)).toEqual([]);
    expect(await leftOn(subject.target, id)).toEqual(["subscription"]);
  });

  it("leaves no slot after --unfence, and its target can be copied to again", async () => {
    const subject = await copies.make(LIVE_SOURCE);
    const { source, target, from, to } = subject;
    const id = await killedAtGate(subject);
    const unfenced = await copies.run(["--unfence"], from);
    expect(unfenced).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("was taken away") });
    expect(await leftOn(source, id)).toEqual([]);
    expect(await leftOn(target, id)).toEqual(["subscription"]); // Its URL was not given.
    expect((await copies.run(["--unfence"], from)).stdout).toContain("No copy has left");

    const run = await copies.run(["--json", "--resume", "--unfence"], from, to);

    expect({ exitCode: run.exitCode, ...lastLine(run) }).toMatchObject({ exitCode: 0, strategy: "dump" });
    expect(await leftOn(target, id)).toEqual([]);
    expect(await copies.note()).toBeNull();
  });

  it("needs nothing but its replication taken away when it died behind its proof", async () => {
    const subject = await copies.make(LIVE_SOURCE);
    const id = await killedAtGate(subject);
    const notes = join(copies.folder(), ".godwit", "copies");
    const file = join(notes, (await readdir(notes)).find((name) => name.endsWith(".json")) ?? "");
    const note = JSON.parse(await readFile(file, "utf8")) as object;
    await writeFile(file, JSON.stringify({ ...note, isDone: true }));

    const run = await copies.run(["--json", ...LIVE, "--resume"], subject.from, subject.to);

    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("complete and proved") });
    await expectNothingLeft(subject, id);
    const [row] = await querySql<{ n: string }>(adminUrl(subject.target), "SELECT count(*) AS n FROM bulk");
    expect(Number(row?.n)).toBe(4_000);
  });
});
