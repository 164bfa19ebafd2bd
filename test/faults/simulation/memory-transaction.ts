import type { Migration, MigrationRequest } from "../../../src/core/migration.ts";
import type { OutboxMessage } from "../../../src/core/outbox.ts";
import type { StoreTransaction } from "../../../src/core/ports/store.ts";
import { mayFollow } from "../../../src/core/transitions.ts";
import { fenceWrites } from "./memory-fence-writes.ts";
import type { MemoryTables, ThreadRow } from "./memory-tables.ts";

/** The writes of one transaction on tables in memory. */
export function memoryTransaction(tables: MemoryTables): StoreTransaction {
  return {
    ...migrationWrites(tables),
    ...stepWrites(tables),
    ...chatWrites(tables),
    ...fenceWrites(tables),
    ...eventReads(tables),
    putSchedule: async () => undefined,
    isDue: async () => true,
    markReminded: async () => false,
    freeze: async () => undefined,
    beginFreeze: async () => undefined,
    endFreeze: async () => undefined,
    markFrozen: async () => {},
    markThawed: async () => undefined,
    openRedeployment: async () => false,
    endRedeployment: async () => false,
    redeployments: async () => [],
    callSupport: async () => undefined,
    answerSupport: async () => undefined,
    escalatePage: async () => false,
    markStuck: async () => false,
    async append({ migrationId, actor, type, data = {} }) {
      const events = tables.events.get(migrationId) ?? [];
      const event = { migrationId, sequence: events.length + 1, at: tables.now(), actor, type, data };
      tables.events.set(migrationId, [...events, event]);
    },
  };
}

function eventReads(tables: MemoryTables) {
  const of = (migrationId: string) => tables.events.get(migrationId) ?? [];
  return {
    async hasEvent({ migrationId, type, data = {} }) {
      const wanted = Object.entries(data);
      return of(migrationId).some(
        (event) => event.type === type && wanted.every(([key, value]) => event.data[key] === value),
      );
    },
    events: async (migrationId, limit) =>
      of(migrationId)
        .slice(-limit)
        .map(({ at, actor, type, data }) => ({ at: new Date(at), actor, type, data })),
  } satisfies Partial<StoreTransaction>;
}

function migrationWrites(tables: MemoryTables) {
  const read = (id: string): Migration => {
    const found = tables.migration(id);
    if (!found) throw new Error(`reading migration ${id}: there is none`);
    return found;
  };
  const patchMigration: StoreTransaction["patchMigration"] = async (id, patch) => {
    tables.migrations.set(id, { ...read(id), ...defined(patch) });
    return read(id);
  };
  return {
    async insertMigration(id, request, { retryOf, state = "awaiting_confirmation" }) {
      const kept = {
        ...fresh(id, request),
        state,
        retryOf: retryOf ?? null,
        createdAt: new Date(tables.now()),
      };
      tables.migrations.set(id, kept);
      tables.leases.set(id, { epoch: 0, owner: null, until: null });
      return read(id);
    },
    lockMigration: async (id) => tables.migration(id),
    patchMigration,
    async moveMigration(id, to, patch = {}) {
      const { state, pivotPassed } = read(id);
      if (!mayFollow(state, to)) throw new Error(`moving migration ${id} from ${state} to ${to}`);
      if (pivotPassed && to === "rolling_back") throw new Error(`migration ${id} has passed its pivot`);
      tables.migrations.set(id, { ...read(id), ...defined(patch), state: to });
      return read(id);
    },
  } satisfies Partial<StoreTransaction>;
}

function fresh(id: string, request: MigrationRequest): Omit<Migration, "state" | "retryOf" | "createdAt"> {
  return {
    ...request,
    id,
    desired: "run",
    desiredBy: null,
    confirmedBy: null,
    threadKey: null,
    epoch: 0,
    pivotPassed: false,
    readOnlyFrom: null,
    readOnlyUntil: null,
    failure: null,
    proof: null,
    queuedAt: null,
    startedAt: null,
    finishedAt: null,
  };
}

function stepWrites(tables: MemoryTables) {
  return {
    async planSteps(migrationId, steps) {
      const planned = steps.map(({ name, title }, index) => ({
        name,
        title,
        sequence: index + 1,
        status: "pending" as const,
        attempt: 0,
        crashes: 0,
        crashStreak: 0,
        undoingAt: null,
        checkpoint: null,
        output: null,
        progress: null,
        waitingFor: null,
        startedAt: null,
        finishedAt: null,
      }));
      if (!tables.steps.has(migrationId)) tables.steps.set(migrationId, planned);
    },
    async patchStep(migrationId, step, patch) {
      const changed = (tables.steps.get(migrationId) ?? []).map((record) =>
        record.name === step ? { ...record, ...defined(asStored(patch)) } : record,
      );
      const running = changed.filter(({ status }) => status === "running");
      if (running.length > 1) throw new Error(`two steps of ${migrationId} run`);
      tables.steps.set(migrationId, changed);
    },
    steps: async (migrationId) => tables.steps.get(migrationId) ?? [],
  } satisfies Partial<StoreTransaction>;
}

/** Checkpoints and outputs are JSON, so that nothing else survives. */
function asStored<T extends { checkpoint?: unknown; output?: unknown }>(patch: T): T {
  const { checkpoint, output } = patch;
  return {
    ...patch,
    ...(checkpoint !== undefined && { checkpoint: JSON.parse(JSON.stringify(checkpoint)) }),
    ...(output !== undefined && { output: JSON.parse(JSON.stringify(output)) }),
  };
}

function chatWrites(tables: MemoryTables) {
  return {
    async openThread({ mirrorOf, ...thread }) {
      if (tables.threads.has(thread.key)) return;
      tables.threads.set(thread.key, {
        ...thread,
        rootId: null,
        nextSequence: 1,
        mirrorOf: mirrorOf ?? null,
      });
    },
    async send(message) {
      const threads = tables.threads.values();
      const told = threads.filter(({ key, mirrorOf }) => [key, mirrorOf].includes(message.threadKey));
      for (const thread of told) sendInto(tables, thread, message);
    },
    async receive(platform, deliveryId) {
      const key = `${platform} ${deliveryId}`;
      if (tables.inbox.has(key)) return false;
      tables.inbox.set(key, true);
      return true;
    },
  } satisfies Partial<StoreTransaction>;
}

function sendInto(tables: MemoryTables, thread: ThreadRow, message: OutboxMessage): void {
  const rows = tables.outboxOf(thread.key);
  if (message.coalesceKey !== undefined) {
    const posted = rows.findLast(
      (row) => row.message.messageKey === message.messageKey && row.message.kind === "post",
    );
    const older = rows.filter(
      (row) =>
        row.message.coalesceKey === message.coalesceKey &&
        row.message.kind === "edit" &&
        row.status === "pending" &&
        row.sequence > (posted?.sequence ?? 0),
    );
    for (const row of older) tables.outbox.set(row.id, { ...row, status: "superseded" });
  }
  const { nextSequence: sequence } = thread;
  tables.threads.set(thread.key, { ...thread, nextSequence: sequence + 1 });
  const id = `${thread.key}#${sequence}`;
  const own = { ...message, threadKey: thread.key };
  tables.outbox.set(id, {
    id,
    sequence,
    nonce: id,
    message: own,
    status: "pending",
    attempts: 0,
    doubtful: false,
    nextAt: tables.now(),
    claimUntil: 0,
    remoteId: null,
    error: null,
    createdAt: tables.now(),
    sentAt: null,
  });
}

function defined<T extends object>(patch: T): T {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as T;
}
