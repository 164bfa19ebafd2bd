import type { ClaimedMessage } from "../../../src/core/outbox.ts";
import type { Store } from "../../../src/core/ports/store.ts";
import type { MemoryTables, OutboxRow } from "./memory-tables.ts";

interface Claim {
  readonly owner: string;
  readonly ttlMs: number;
  readonly platforms: readonly string[];
}

/** The head of some thread, never a later message; one whose claim ran out comes back as doubtful. */
export function claim(tables: MemoryTables, { ttlMs, platforms }: Claim): ClaimedMessage | undefined {
  const now = tables.now();
  const heads = headsOf(tables).filter(({ message }) =>
    platforms.includes(tables.threads.get(message.threadKey)?.platform ?? ""),
  );
  const chosen = heads.find(
    ({ status, nextAt, claimUntil }) =>
      (status === "pending" && nextAt <= now) || (status === "sending" && claimUntil < now),
  );
  if (!chosen) return undefined;
  const doubtful = chosen.doubtful || chosen.status === "sending";
  const claimed: OutboxRow = {
    ...chosen,
    status: "sending",
    attempts: chosen.attempts + 1,
    claimUntil: now + ttlMs,
    doubtful,
  };
  tables.outbox.set(chosen.id, claimed);
  return claimedOf(tables, claimed);
}

function headsOf(tables: MemoryTables): OutboxRow[] {
  const heads = new Map<string, OutboxRow>();
  for (const row of unsent(tables)) {
    const head = heads.get(row.message.threadKey);
    if (!head || row.sequence < head.sequence) heads.set(row.message.threadKey, row);
  }
  return [...heads.values()].toSorted((one, other) => one.nextAt - other.nextAt);
}

/** Messages that are on their way. */
export function unsent(tables: MemoryTables): OutboxRow[] {
  return tables.outbox.values().filter(({ status }) => status === "pending" || status === "sending");
}

function claimedOf(tables: MemoryTables, row: OutboxRow): ClaimedMessage {
  const { id, nonce, attempts, doubtful, message } = row;
  const thread = tables.threadRef(message.threadKey);
  if (!thread) throw new Error(`there is no thread ${message.threadKey}`);
  const remoteId = message.kind === "edit" ? shownAs(tables, row) : null;
  return { ...message, id, nonce, attempts, doubtful, thread, remoteId };
}

/** The newest message of the same key that stands in the thread. */
function shownAs(tables: MemoryTables, { message, sequence }: OutboxRow): string | null {
  const before = tables.outboxOf(message.threadKey).filter((row) => row.sequence < sequence);
  const shown = before.findLast(
    (row) =>
      row.message.messageKey === message.messageKey && (row.message.kind === "post" || row.status === "sent"),
  );
  return shown?.remoteId ?? null;
}

/** As the store: a delivery counts whoever made it, as long as nobody has recorded one. */
export function markSent(tables: MemoryTables, { id }: ClaimedMessage, remoteId: string): void {
  const row = tables.outbox.get(id);
  if (row?.status !== "sending") return;
  tables.outbox.set(id, { ...row, status: "sent", remoteId, error: null, sentAt: tables.now() });
  const thread = tables.threads.get(row.message.threadKey);
  if (thread && row.message.kind === "post" && thread.rootId === null)
    tables.threads.set(thread.key, { ...thread, rootId: remoteId });
}

export function markRetry(
  tables: MemoryTables,
  { id, attempts }: ClaimedMessage,
  { delayMs, doubtful, error }: Parameters<Store["markRetry"]>[1],
): void {
  const row = tables.outbox.get(id);
  if (row?.status !== "sending" || row.attempts !== attempts) return;
  tables.outbox.set(id, { ...row, status: "pending", nextAt: tables.now() + delayMs, doubtful, error });
}

export function markDead(tables: MemoryTables, { id, attempts }: ClaimedMessage, error: string): void {
  const row = tables.outbox.get(id);
  if (row?.status !== "sending" || row.attempts !== attempts) return;
  tables.outbox.set(id, { ...row, status: "dead", error });
}
