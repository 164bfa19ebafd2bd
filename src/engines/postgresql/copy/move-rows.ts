import type pg from "pg";
import type { DatabasePair, EngineCall } from "../../../core/ports/engine.ts";
import { inParallel } from "../pool.ts";
import { RESTORE_SETTINGS } from "../schema/restore-entries.ts";
import { asAdmin, asOwner, closeSession, type Login, openSession, type SessionOptions } from "../session.ts";
import { copyStatements, type Part } from "./parts.ts";
import { splice } from "./splice.ts";
import { Wire } from "./wire.ts";

/** Small tables in one transaction on the target, to save commits. */
const BATCH = 50;
const SMALL_BYTES = 1024 * 1024;
const REPORT_EVERY_MS = 250;

/** Rows and payload bytes that went over. */
export interface Moved {
  rows: number;
  bytes: number;
}

interface Lane {
  readonly source: Wire;
  readonly target: Wire;
}

/** Takes the next part, or several small ones that make up a transaction. */
function takeBatch(queue: Part[]): Part[] {
  const first = queue.shift();
  if (first === undefined) return [];
  const batch = [first];
  while (batch.length < BATCH && first.bytes <= SMALL_BYTES) {
    const next = queue.shift();
    if (next === undefined) break;
    batch.push(next);
  }
  return batch;
}

/** Adds up what all lanes have moved, also of parts still under way. */
class Tally implements Moved {
  rows = 0;
  bytes = 0;
  readonly #lanes = new Map<Lane, string>();
  #reportedAt = 0;
  readonly #call: EngineCall;
  readonly #totalBytes: number;

  constructor(call: EngineCall, totalBytes: number) {
    this.#call = call;
    this.#totalBytes = totalBytes;
  }

  begin(lane: Lane, label: string): void {
    this.#lanes.set(lane, label);
    this.report(0);
  }

  end(lane: Lane, moved: Moved): void {
    this.#lanes.delete(lane);
    this.rows += moved.rows;
    this.bytes += moved.bytes;
  }

  report(everyMs = REPORT_EVERY_MS): void {
    const now = performance.now();
    if (now - this.#reportedAt < everyMs) return;
    this.#reportedAt = now;
    const lanes = [...this.#lanes.keys()];
    const doneBytes = lanes.reduce((sum, { source }) => sum + source.bytes, this.bytes);
    const doneRows = lanes.reduce((sum, { source }) => sum + source.frames, this.rows);
    const label = `copying ${[...new Set(this.#lanes.values())].join(", ")}`;
    const totalBytes = Math.max(this.#totalBytes, doneBytes);
    this.#call.report({ label, doneBytes, totalBytes, doneRows });
  }
}

async function moveBatch(lane: Lane, batch: readonly Part[], tally: Tally): Promise<void> {
  if (batch.length > 1) await lane.target.query("BEGIN");
  for (const part of batch) {
    tally.begin(lane, part.table.name);
    tally.end(lane, await splice(lane.source, lane.target, copyStatements(part)));
  }
  if (batch.length > 1) await lane.target.query("COMMIT");
}

async function openLane(
  pair: DatabasePair,
  options: SessionOptions,
): Promise<{ lane: Lane; close: () => Promise<void> }> {
  const open = (login: Login): Promise<pg.Client> => openSession(login, options);
  const sessions = await Promise.all([
    open(asAdmin(pair.source.server, pair.source.database)),
    open(asOwner(pair.target)),
  ]);
  const lane = { source: new Wire(sessions[0]), target: new Wire(sessions[1]) };
  lane.target.onDrain(() => lane.source.resume());
  const close = async (): Promise<void> => {
    lane.source.destroy();
    lane.target.destroy();
    await Promise.all(sessions.map(closeSession));
  };
  return { lane, close };
}

/** Moves the rows of all parts over parallel lanes, each a session on either side. */
export async function moveRows(
  pair: DatabasePair,
  parts: readonly Part[],
  { call, jobs, encoding }: { readonly call: EngineCall; readonly jobs: number; readonly encoding: string },
): Promise<Moved> {
  const queue = [...parts];
  const tally = new Tally(
    call,
    parts.reduce((sum, part) => sum + part.bytes, 0),
  );
  const ticking = setInterval(() => tally.report(), REPORT_EVERY_MS);
  // Bytes without a known encoding must not be looked at on the way.
  const client_encoding = encoding === "SQL_ASCII" ? "SQL_ASCII" : "UTF8";
  const settings = { ...RESTORE_SETTINGS, client_encoding };
  try {
    await inParallel(Math.min(jobs, parts.length), call.signal, async (signal) => {
      const { lane, close } = await openLane(pair, { name: "godwit copy", signal, settings });
      try {
        for (let batch = takeBatch(queue); batch.length > 0; batch = takeBatch(queue)) {
          signal.throwIfAborted();
          await moveBatch(lane, batch, tally);
        }
      } finally {
        await close();
      }
    });
    return tally;
  } finally {
    clearInterval(ticking);
  }
}
