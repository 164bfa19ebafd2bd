import { GodwitError } from "../../../../core/failure.ts";
import type { DatabasePair, EngineCall } from "../../../../core/ports/engine.ts";
import type { UnderFence } from "../../../../core/ports/replication.ts";
import type { Followed } from "../../../../core/ports/reverse-replication.ts";
import type { Proof } from "../../../../core/proof.ts";
import { readSequences, writeSequences } from "../../copy/sequences.ts";
import { asAdmin, withSession } from "../../session.ts";
import { readTables } from "../../tables.ts";
import { compareTables } from "../../verify/compare-tables.ts";
import { locateDifferences } from "../../verify/locate-differences.ts";
import { mismatch } from "../../verify/mismatch.ts";
import type { ProofAhead } from "../ahead/proof-ahead.ts";
import { untilReached, writeMark } from "../mark.ts";
import { replicationNames } from "../names.ts";
import { inReverse, turnedCall } from "./sides.ts";
import { assertApplying, assertFollowing } from "./watch.ts";
import { whileFollowing } from "./while-following.ts";

const NAME = "godwit return";
const LOOK_MS = 1_000;
/** So little is taken over under the fence in a moment. */
const NEARLY_BYTES = 16 * 1024 ** 2;
/** Writers wait meanwhile. */
const DRAIN_MS = 120_000;

interface Preparing {
  readonly call: EngineCall;
  readonly jobs: number;
  readonly proof: ProofAhead;
}

/** Waits until little is left, and compares both sides while writes go on. */
export async function prepareReturn(
  pair: DatabasePair,
  followed: Followed,
  { call, jobs, proof }: Preparing,
): Promise<void> {
  await assertFollowing(pair, followed, call.signal);
  const work = async (call: EngineCall) => {
    await untilNear(pair, followed, call);
    await inReverse(() => proof.prepare({ call: turnedCall(call), jobs }));
  };
  await whileFollowing(pair, followed, { call, work });
}

async function untilNear(pair: DatabasePair, followed: Followed, call: EngineCall): Promise<void> {
  for (;;) {
    const { behindBytes, isApplying } = await assertFollowing(pair, followed, call.signal);
    if (isApplying && behindBytes <= NEARLY_BYTES) return;
    call.report({ label: "waiting for the old database to catch up" });
    await call.clock.sleep(LOOK_MS, call.signal);
  }
}

/** Waits until the old database has everything that was committed before the fence, and sets its sequences. */
export async function drainBack(
  pair: DatabasePair,
  followed: Followed,
  { hold, call }: UnderFence,
): Promise<void> {
  const { source, target } = pair;
  const { name } = replicationNames(followed.id);
  await hold.assertAlive();
  await assertFollowing(pair, followed, call.signal);
  call.report({ label: "waiting for the last changes" });
  const limit = AbortSignal.timeout(DRAIN_MS);
  const signal = AbortSignal.any([call.signal, limit]);
  try {
    await withSession(asAdmin(source.server, source.database), { name: NAME, signal }, async (admin) => {
      const mark = await writeMark(admin, name);
      await untilReached(admin, "applied", { mark, signal });
      const sequences = await readSequences(admin);
      await withSession(asAdmin(target.server, target.database), { name: NAME, signal }, (old) =>
        writeSequences(old, sequences),
      );
      await untilReached(admin, "kept", { mark, signal });
    });
  } catch (error) {
    call.signal.throwIfAborted();
    await assertApplying(target, name, call.signal);
    throw limit.aborted ? tooSlow(target.database) : error;
  }
  await hold.assertAlive();
}

function tooSlow(database: string): GodwitError {
  return new GodwitError({
    code: "following-too-slow",
    class: "permanent",
    summary: `The old database ${database} did not take the last changes within ${DRAIN_MS / 60_000} minutes.`,
    remedy: "Try again at a quieter time.",
  });
}

interface Comparing extends UnderFence {
  readonly jobs: number;
  /** Where both sides were compared before the fence, in this process. */
  readonly proof: ProofAhead | undefined;
}

/** The schema is the one of the switch on both sides, so that rows and sequences are all there is to compare. */
export async function verifyBack(pair: DatabasePair, { hold, call, jobs, proof }: Comparing): Promise<Proof> {
  const startedAt = performance.now();
  await hold.assertAlive();
  call.report({ label: "comparing rows" });
  const { signal } = call;
  const { server, database } = pair.source;
  const [tables, sequences] = await withSession(
    asAdmin(server, database),
    { name: NAME, signal },
    async (admin) => [await readTables(admin), await readSequences(admin)] as const,
  );
  const options = { call, jobs };
  const compared = await (proof?.hasCompared === true
    ? proof.complete(tables, options)
    : compareTables(pair, tables, options));
  const different = await locateDifferences(pair, compared.different, call);
  await hold.assertAlive();
  if (different.length > 0)
    throw mismatch({
      summary: `The old database ${pair.target.database} is not equal to the new one`,
      different,
      remedy: "The new database stays in service. Ask support to look at what differs.",
    });
  return {
    tables: tables.length,
    rows: compared.rows,
    bytes: tables.reduce((sum, { bytes }) => sum + bytes, 0),
    hashedTables: compared.hashed,
    sequences: sequences.length,
    objects: 0,
    milliseconds: Math.round(performance.now() - startedAt),
    notVerified: [],
  };
}
