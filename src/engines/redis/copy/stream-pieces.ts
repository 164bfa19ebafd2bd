import type { Redis } from "ioredis";
import { GodwitError } from "../../../core/failure.ts";
import type { KeyCopy } from "./copy-data.ts";
import { sizeOf } from "./size-of.ts";

const PAGE = 500;

/** An entry of a stream: its ID, then fields and values in turn. */
export type Entry = readonly [id: Buffer, values: Buffer[] | null];
type Pending = readonly [id: Buffer, consumer: Buffer, idleMs: number, deliveries: number];
type Fields = ReadonlyMap<string, Buffer | number | null>;

/** Pages of a stream's entries. */
export async function* readEntries(client: Redis, key: Buffer): AsyncGenerator<Entry[]> {
  let from: string | Buffer = "-";
  for (;;) {
    const page = (await client.callBuffer("XRANGE", key, from, "+", "COUNT", PAGE)) as Entry[];
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    from = `(${last[0].toString()}`;
  }
}

function fieldsOf(answer: readonly unknown[]): Fields {
  return new Map(
    answer.flatMap((name, index) =>
      index % 2 === 0 ? [[String(name), answer[index + 1] as Buffer | number | null] as const] : [],
    ),
  );
}

function text(fields: Fields, name: string): string {
  return String(fields.get(name) ?? "");
}

/**
 * Writes a stream again: its entries, its counters, and its groups with their consumers and what is pending. When a
 * pending entry was delivered is told to a few milliseconds; how often is exact.
 */
export async function copyStream({ sides }: KeyCopy, key: Buffer): Promise<number> {
  const { source, target } = sides;
  let bytes = 0;
  for await (const page of readEntries(source, key)) {
    const pipeline = target.pipeline();
    for (const [id, values] of page) {
      pipeline.call("XADD", key, id, ...(values ?? []));
      bytes += sizeOf(values ?? []);
    }
    throwFirst(await pipeline.exec());
  }
  const info = fieldsOf((await source.callBuffer("XINFO", "STREAM", key)) as unknown[]);
  if (Number(info.get("length")) === 0) await makeEmpty(target, key);
  const counters = [
    "ENTRIESADDED",
    text(info, "entries-added"),
    "MAXDELETEDID",
    text(info, "max-deleted-entry-id"),
  ];
  await target.call("XSETID", key, text(info, "last-generated-id"), ...counters);
  for (const group of (await source.callBuffer("XINFO", "GROUPS", key)) as unknown[][])
    await copyGroup(sides, key, fieldsOf(group));
  return bytes;
}

/** A stream without entries is made by a group that is taken away again: an entry would leave its ID behind. */
async function makeEmpty(target: Redis, key: Buffer): Promise<void> {
  await target.call("XGROUP", "CREATE", key, "godwit", "0", "MKSTREAM");
  await target.call("XGROUP", "DESTROY", key, "godwit");
}

async function copyGroup(sides: KeyCopy["sides"], key: Buffer, group: Fields): Promise<void> {
  const { source, target } = sides;
  const name = group.get("name") as Buffer;
  const read = group.get("entries-read");
  const known = read === null || read === undefined ? [] : ["ENTRIESREAD", String(read)];
  await target.call("XGROUP", "CREATE", key, name, text(group, "last-delivered-id"), ...known);
  for (const consumer of (await source.callBuffer("XINFO", "CONSUMERS", key, name)) as unknown[][])
    await target.call("XGROUP", "CREATECONSUMER", key, name, fieldsOf(consumer).get("name") as Buffer);
  let copied = 0;
  let from: string = "-";
  for (;;) {
    const page = (await source.callBuffer("XPENDING", key, name, from, "+", PAGE)) as Pending[];
    copied += await claim(target, { key, group: name, page });
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) break;
    from = `(${last[0].toString()}`;
  }
  if (copied < Number(group.get("pending"))) throw pendingOfDeleted();
}

/** Resolves with how many could be claimed: an entry that is pending and was deleted cannot. */
async function claim(
  target: Redis,
  { key, group, page }: { readonly key: Buffer; readonly group: Buffer; readonly page: readonly Pending[] },
): Promise<number> {
  const pipeline = target.pipeline();
  for (const [id, consumer, idleMs, deliveries] of page) {
    const state = ["IDLE", String(idleMs), "RETRYCOUNT", String(deliveries), "FORCE", "JUSTID"];
    pipeline.call("XCLAIM", key, group, consumer, 0, id, ...state);
  }
  const results = await pipeline.exec();
  throwFirst(results);
  return (results ?? []).reduce((sum, [, claimed]) => sum + (claimed as unknown[]).length, 0);
}

function throwFirst(results: readonly (readonly [Error | null, unknown])[] | null): void {
  for (const [error] of results ?? []) if (error) throw error;
}

function pendingOfDeleted(): GodwitError {
  return new GodwitError({
    code: "pending-of-deleted",
    summary:
      "A stream's group still waits for messages that were deleted, and the new server cannot be told of them.",
    remedy: "Acknowledge them with XACK or take them with XAUTOCLAIM, then try again.",
  });
}
