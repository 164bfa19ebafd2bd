import { isDeepStrictEqual } from "node:util";
import { type Gate, gateOf } from "../../core/gate.ts";
import { isHoldWanted } from "../../core/hold.ts";
import type { Migration } from "../../core/migration.ts";
import type { Concern } from "../../core/notification.ts";
import type { JsonObject, Progress, Step, StepContext, StepRecord } from "../../core/step.ts";
import { editCard, post } from "../announce.ts";
import type { Session } from "./session.ts";
import { takeLateFenceAway } from "./take-late-fence-away.ts";

/** A step's context with what the runner reads back from it. */
export interface OpenContext {
  readonly context: StepContext;
  readonly latestProgress: () => Progress | null;
}

interface ContextInput {
  readonly session: Session;
  readonly migration: Migration;
  readonly step: Step;
  readonly records: readonly StepRecord[];
  readonly signal: AbortSignal;
}

/** Builds what a step may use; everything it stores goes through the session's lease. */
export function openContext(input: ContextInput): OpenContext {
  const { session, migration, step, records, signal } = input;
  const { deps, lease } = session;
  const record = records.find(({ name }) => name === step.name);
  let progress: Progress | null = null;
  const context: StepContext = {
    migration,
    idempotencyKey: `${migration.id}:${step.name}`,
    attempt: record?.attempt ?? 1,
    checkpoint: record?.checkpoint ?? null,
    saveCheckpoint: keepCheckpoint(session, step, record),
    wasUndone: () => wasUndone(session, step),
    outputOf: (name) => outputOf(records, name),
    report(latest) {
      progress = latest;
    },
    ...fenceWrites(session, migration, signal),
    askSupport: (concern) => askSupport(session, step, concern),
    gate: () => readGate(session),
    noteGate: (noted) => noteGate(session, noted),
    signal,
    log: deps.log.child({ migrationId: migration.id, step: step.name, epoch: lease.epoch }),
    clock: deps.clock,
  };
  return { context, latestProgress: () => progress };
}

/** A step that notes something new has got further, however often it lost its worker before. */
function keepCheckpoint(
  session: Session,
  { name }: Step,
  record: StepRecord | undefined,
): StepContext["saveCheckpoint"] {
  let last = record?.checkpoint ?? null;
  return async (checkpoint) => {
    const isNew = !isDeepStrictEqual(last, JSON.parse(JSON.stringify(checkpoint)));
    const patch = { checkpoint, ...(isNew && { crashStreak: 0 }) };
    await session.write((tx) => tx.patchStep(session.lease.migrationId, name, patch));
    last = checkpoint;
  };
}

async function wasUndone({ deps, lease }: Session, step: Step): Promise<boolean> {
  const record = (await deps.store.steps(lease.migrationId)).find(({ name }) => name === step.name);
  // One that was taken back to a gate, or to stand still, is pending again.
  const isGone = record?.status === "undone" || record?.status === "pending";
  return isGone || (record?.undoingAt ?? null) !== null;
}

function fenceWrites(
  session: Session,
  migration: Migration,
  signal: AbortSignal,
): Pick<
  StepContext,
  | "recordFence"
  | "fenceStands"
  | "beginBuild"
  | "endBuild"
  | "openIfAbandoned"
  | "beginLift"
  | "liftFence"
  | "passPivot"
> {
  const { id, source } = migration;
  const builder = `${session.lease.owner}:${session.lease.epoch}`;
  return {
    recordFence: (fence) =>
      session.write(async (tx) => {
        const { providerName, addonId } = source;
        await tx.recordFence({ ...fence, migrationId: id, providerName, addonId });
        // Until the step tells the exact moment this one counts, so that a failure in between is told right.
        const found = await tx.lockMigration(id);
        if (!found?.readOnlyFrom) await tx.patchMigration(id, { readOnlyFrom: session.deps.clock.now() });
      }),
    fenceStands: () => session.deps.store.fenceStands(id),
    beginBuild: () => session.write((tx) => tx.beginBuild(id, builder)),
    openIfAbandoned: () => openIfAbandoned(session, signal),
    endBuild: () => session.deps.store.transaction((tx) => tx.endBuild(id, builder)),
    beginLift: () => session.write((tx) => tx.beginLift(id)),
    liftFence: () => session.write(async (tx) => void (await tx.liftFence(id))),
    passPivot: (change) =>
      session.write(async (tx) => {
        // A step that did not stop when it was told to may come here while it is being taken back.
        const found = await tx.lockMigration(id);
        if (found?.state !== "running") throw new Error(`passing the pivot of ${id}: it does not run`);
        await tx.passPivot(id, change);
        await tx.append({ migrationId: id, actor: `worker:${session.lease.owner}`, type: "pivot-passed" });
      }),
  };
}

/** Looks under the lease: whoever has lost the migration must not open what its follower has closed. */
async function openIfAbandoned(session: Session, signal: AbortSignal): Promise<void> {
  const { deps, lease } = session;
  const { lateBuildMs } = deps.timings;
  const build = await session.write((tx) => tx.abandonedBuild(lease.migrationId, lateBuildMs));
  if (build) await takeLateFenceAway(deps, build, signal);
}

async function readGate(session: Session): Promise<Gate> {
  const [migration, frozen] = [await session.read(), await session.deps.store.freeze()];
  return { ...gateOf(migration), isHeld: isHoldWanted(migration) || frozen !== undefined };
}

/** Tells it in the transaction that notes it, so that no other worker tells it again. */
async function askSupport(session: Session, step: Step, concern: Concern): Promise<void> {
  const { deps, lease } = session;
  const { migrationId } = lease;
  const event = { migrationId, type: "support-asked", data: { code: concern.code } };
  await session.write(async (tx) => {
    const migration = await tx.lockMigration(migrationId);
    if (!migration || (await tx.hasEvent(event))) return;
    await tx.append({ ...event, actor: `worker:${lease.owner}`, data: { ...event.data, step: step.name } });
    await tx.callSupport(migrationId);
    await post(tx, migration, "note", { kind: "overdue", migration, stepTitle: step.title, concern });
  });
  deps.wakeSender();
}

/** Keeps what a person decided while the worker was looking. */
async function noteGate(session: Session, noted: Pick<Gate, "state" | "reason">): Promise<void> {
  const { deps, lease } = session;
  const { migrationId } = lease;
  await session.write(async (tx) => {
    const found = await tx.lockMigration(migrationId);
    if (!found) return;
    await tx.putGate(migrationId, { ...gateOf(found), ...noted });
    await editCard(tx, await tx.patchMigration(migrationId, {}), deps.clock.now());
  });
  deps.wakeSender();
}

function outputOf(records: readonly StepRecord[], name: string): JsonObject {
  const record = records.find((candidate) => candidate.name === name);
  if (record?.status !== "done") throw new Error(`reading the output of step ${name}: it has not finished`);
  return record.output ?? {};
}
