import type { Records } from "../../../src/core/records.ts";
import { isTerminal } from "../../../src/core/transitions.ts";
import { auditAll } from "../../../src/migrations/audit/audit.ts";
import type { MemoryTables, OutboxRow } from "./memory-tables.ts";
import type { Simulation } from "./simulate.ts";
import { EPOCH } from "./simulated-process.ts";

/** A lease, two sweeps, and the ten seconds that a step has to stop before its undo begins. */
const GRACE_MS = 15_000;

/** Compares records, world and chat after everything has come to rest. */
export async function findViolations(simulation: Simulation, stormMs: number): Promise<string[]> {
  const { memory, time } = simulation;
  const all = memory.tables.migrations.values().map(({ id }) => recordsOf(memory.tables, id));
  async function* pages() {
    yield all;
  }
  const { violations } = await auditAll(pages(), { now: new Date(EPOCH + time.now), graceMs: GRACE_MS });
  return [
    ...violations.map(({ invariant, migrationId, what }) => `${invariant} ${migrationId}: ${what}`),
    ...(memory.isAtRest() ? [] : [`rest: ${describeUnrest(simulation)}`]),
    ...worldViolations(simulation, stormMs),
    ...chatViolations(simulation),
  ];
}

function worldViolations({ memory, world }: Simulation, stormMs: number): string[] {
  const wrong: string[] = [];
  if (world.doubled > 0) wrong.push(`effects: ${world.doubled} databases were made twice`);
  for (const { at, deadline } of world.openings) {
    const lateMs = at - Math.max(deadline, stormMs);
    if (lateMs > GRACE_MS) wrong.push(`fence: a database was opened ${Math.round(lateMs)} ms too late`);
  }
  const migrations = memory.tables.migrations.values();
  for (const [addonId, truth] of world.addons) {
    const own = migrations.filter(({ source }) => source.addonId === addonId);
    if (!own.every(({ state }) => isTerminal(state))) continue;
    if (truth.fence) wrong.push(`fence: ${addonId} is read-only, and every migration of it has ended`);
    const moved = own.filter(({ state }) => state === "succeeded");
    const home = memory.tables.relocations.get(addonId)?.database ?? "old";
    if (truth.usedBy !== home)
      wrong.push(`location: ${addonId} is used in ${truth.usedBy} and recorded in ${home}`);
    if (truth.closed.has(truth.usedBy)) wrong.push(`location: ${addonId} is closed where it is used`);
    const kept = new Set(moved.map(({ id }) => id));
    for (const [name, maker] of truth.databases)
      if (maker !== "nobody" && !kept.has(maker)) wrong.push(`leftover: ${name} of ${maker}`);
    const restarted = [...truth.restarts.keys()].length;
    if (restarted !== moved.length) wrong.push(`effects: ${restarted} restarts for ${moved.length} moves`);
  }
  return wrong;
}

function chatViolations({ memory, chat }: Simulation): string[] {
  const wrong: string[] = [];
  for (const { key } of memory.tables.threads.values()) {
    const rows = memory.tables.outboxOf(key);
    const dead = rows.filter(({ status }) => status === "dead");
    if (dead.length > 0) wrong.push(`chat: ${dead.length} messages were given up (${dead[0]?.error})`);
    const posted = rows.filter(({ message, status }) => message.kind === "post" && status === "sent");
    const wanted = posted.map(({ nonce }) => nonce);
    const shown = chat.messages.filter(({ threadKey }) => threadKey === key).map(({ nonce }) => nonce);
    if (wanted.join() !== shown.join())
      wrong.push(`chat: ${key} shows ${shown.join()}, and should ${wanted.join()}`);
  }
  return wrong;
}

function describeUnrest({ memory }: Simulation): string {
  const states = memory.tables.migrations.values().map(({ id, state }) => `${id} ${state}`);
  const waiting = memory.tables.outbox
    .values()
    .filter(({ status }) => ["pending", "sending"].includes(status));
  return `${states.join(", ")}; ${waiting.length} messages unsent`;
}

function recordsOf(tables: MemoryTables, id: string): Records {
  const migration = tables.migrations.get(id);
  if (!migration) throw new Error(`there is no migration ${id}`);
  const events = (tables.events.get(id) ?? []).map((event) => ({
    ...event,
    at: new Date(event.at),
    sealed: true,
    chained: true,
  }));
  const fence = tables.fences.get(id);
  const lease = tables.leases.get(id);
  return {
    migration: { ...migration, addonId: migration.source.addonId },
    events,
    steps: tables.steps.get(id) ?? [],
    messages: tables.outboxOf(migration.threadKey ?? "").map(messageOf),
    fence: fence ? { deadline: fence.deadline, liftedAt: dateOf(fence.liftedAt) } : null,
    lease: lease ? { epoch: lease.epoch, until: dateOf(lease.until) } : null,
  };
}

function messageOf({ message, sequence, status, remoteId, sentAt, createdAt }: OutboxRow) {
  const { threadKey, kind, messageKey, notification } = message;
  return {
    threadKey,
    sequence,
    kind,
    messageKey,
    status,
    remoteId,
    sentAt: dateOf(sentAt),
    createdAt: new Date(createdAt),
    tells: notification.kind,
    migrationId: notification.migration.id,
  };
}

function dateOf(time: number | null): Date | null {
  return time === null ? null : new Date(time);
}
