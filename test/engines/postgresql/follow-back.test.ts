import { afterEach, describe, expect, it } from "vitest";
import type { DatabaseAccess, FenceHold } from "../../../src/core/ports/engine.ts";
import type { LiveSubject } from "../../contracts/engine-live-contract.ts";
import { aCall } from "../../contracts/engine-subject.ts";
import { querySql } from "../../support/test-database.ts";
import { until } from "../../support/until.ts";
import { adminUrl, appUrl } from "./database-urls.ts";
import { liveSubjectsFor } from "./live-subject.ts";
import { readContent } from "./read-content.ts";

const signal = new AbortController().signal;
const plan = { id: `mig_follow_${process.pid}`, backlogLimitBytes: 1024 ** 3 };
const holds: FenceHold[] = [];

afterEach(async () => {
  await Promise.all(holds.splice(0).map((hold) => hold.release()));
});

function enginesOf({ engine }: LiveSubject) {
  const { replication, reverseReplication: reverse } = engine;
  if (!replication || !reverse) throw new Error("the engine does not replicate both ways");
  return { engine, replication, reverse };
}

async function fenced({ engine }: LiveSubject, database: DatabaseAccess, holder: string) {
  const notes = await engine.planFence(database, signal);
  const hold = await engine.fence(database, notes, holder, aCall());
  holds.push(hold);
  return { notes, hold };
}

/** Moves the database, and lets the one that was left follow. */
async function switched(subject: LiveSubject) {
  const { engine, replication, reverse } = enginesOf(subject);
  const { pair } = subject;
  const back = { source: pair.target, target: pair.source };
  await engine.provision(pair, subject.plan, aCall());
  await engine.copySchema(pair, aCall());
  await replication.start(pair, plan, aCall());
  await replication.prepareSwitch(pair, plan, aCall());
  const { notes, hold } = await fenced(subject, pair.source, plan.id);
  await replication.drain(pair, plan, { hold, call: aCall() });
  for (const _ of ["once", "again"]) await reverse.keep(back, plan, signal);
  const followed = { ...plan, notes: await reverse.keep(back, plan, signal) };
  await replication.end(pair, plan.id, signal);
  await engine.close(pair.source, signal);
  await hold.release();
  for (const _ of ["once", "again"]) await reverse.follow(back, plan, { fenceNotes: notes, signal });
  return { back, followed };
}

/** Rows and sequences; a materialised view shows what it showed at the switch. */
async function contentOf(database: DatabaseAccess): Promise<unknown> {
  const { rows, sequences } = (await readContent(database)) as {
    rows: Record<string, string[]>;
    sequences: string[];
  };
  const { "public.sums": _, ...tables } = rows;
  return { tables, sequences };
}

describe.each([
  [14, 15],
  [15, 18],
  [18, 18],
] as const)("a database of version %s that was left for one of version %s", (old, now) => {
  it("takes every kind of change, is closed meanwhile, is proved equal, and keeps nothing of it", async () => {
    const subject = await liveSubjectsFor([old, now])();
    const { reverse } = enginesOf(subject);
    try {
      const { back, followed } = await switched(subject);
      await subject.change(back.source);
      await expect(querySql(appUrl(back.target), "SELECT 1")).rejects.toThrow(
        /permission denied for database/,
      );
      const follows = async () => {
        await reverse.assertFollowing(back, followed, signal);
        return true;
      };
      await until(follows, { what: "the old database to follow", timeoutMs: 30_000 });

      await reverse.prepareReturn(back, followed, aCall());
      const { hold } = await fenced(subject, back.source, `${plan.id}_return`);
      for (const _ of ["once", "again"]) await reverse.drain(back, followed, { hold, call: aCall() });
      const proof = await reverse.verify(back, followed, { hold, call: aCall() });

      expect(proof.rows).toBeGreaterThan(2_000);
      expect(await contentOf(back.target)).toEqual(await contentOf(back.source));
      for (const _ of ["once", "again"]) await reverse.end(back, plan.id, signal);
      const left = [back.source, back.target].map((side) => subject.leftovers(side, `${plan.id}_back`));
      expect((await Promise.all(left)).flat()).toEqual([]);
    } finally {
      await reverse.end({ source: subject.pair.target, target: subject.pair.source }, plan.id, signal);
      await Promise.all(holds.splice(0).map((hold) => hold.release()));
      await subject.dispose();
    }
  }, 120_000);

  it("proves nothing when somebody has written to it", async () => {
    const subject = await liveSubjectsFor([old, now])();
    const { reverse } = enginesOf(subject);
    try {
      const { back, followed } = await switched(subject);
      await querySql(
        adminUrl(back.target),
        "BEGIN READ WRITE; UPDATE public.writes SET note = 'other' WHERE id = 7; COMMIT",
      );
      const { hold } = await fenced(subject, back.source, `${plan.id}_return`);
      await reverse.drain(back, followed, { hold, call: aCall() });
      await expect(reverse.verify(back, followed, { hold, call: aCall() })).rejects.toMatchObject({
        code: "verification-mismatch",
      });
    } finally {
      await reverse.end({ source: subject.pair.target, target: subject.pair.source }, plan.id, signal);
      await Promise.all(holds.splice(0).map((hold) => hold.release()));
      await subject.dispose();
    }
  }, 120_000);
});
