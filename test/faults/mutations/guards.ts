/** One guard taken out of the source, and the suite that must notice. */
export interface Mutation {
  readonly guard: string;
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly search: string;
  readonly replace: string;
  readonly suite: string;
}

const STORE = "test/store/store-contract.test.ts";
const LATE = "test/migrations/late-workers.test.ts";
const RESTORED = "test/faults/restored.test.ts";
const RECOVERY = "test/providers/self-hosted/recovery.test.ts";

export const MUTATIONS: readonly Mutation[] = [
  {
    guard: "the epoch of a lease",
    file: "src/store/leases.ts",
    search: "  if (rowCount !== 1) throw new LeaseLost(lease.migrationId);\n",
    replace: "",
    suite: STORE,
  },
  {
    guard: "the inbox",
    file: "src/store/chat-writes.ts",
    search: "      return rowCount === 1;\n    },\n  };",
    replace: "      return rowCount !== null;\n    },\n  };",
    suite: STORE,
  },
  {
    guard: "the head of a thread goes first",
    file: "src/store/outbox.ts",
    search: "SELECT DISTINCT ON (o.thread_key) o.id",
    replace: "SELECT o.id",
    suite: STORE,
  },
  {
    guard: "the look-up before a message is sent again",
    file: "src/chat/outbox/sender.ts",
    search: 'message.doubtful ? await port.find(thread, nonce) : "absent"',
    replace: '"absent" as unknown',
    suite: "test/chat/sender.test.ts",
  },
  {
    guard: "the last look at a claim before the wire",
    file: "src/chat/outbox/sender.ts",
    search: "if (performance.now() - askedAt > claimMs - callMs)",
    replace: "if (askedAt > claimMs + callMs && Date.now() < 0)",
    suite: "test/chat/sender.test.ts",
  },
  {
    guard: "the hash of the plan",
    file: "src/migrations/confirm-migration.ts",
    search: "  if (fresh.planHash !== confirmation.planHash) return showAnew(tx, draft, fresh);\n",
    replace: "",
    suite: "test/faults/confirms.test.ts",
  },
  {
    guard: "that a pivot is passed once",
    file: "src/store/pivot-writes.ts",
    search: "  if (rowCount === 0) return;\n",
    replace: "",
    suite: "test/store/retired-databases.test.ts",
  },
  {
    guard: "whether applications use what is to be dropped or filled",
    file: "src/providers/self-hosted/in-service.ts",
    search: "  return using.flat();\n",
    replace: "  return using.slice(using.length).flat();\n",
    suite: RESTORED,
  },
  {
    guard: "whether applications still use what is copied",
    file: "src/providers/self-hosted/in-service.ts",
    search: "  const engine = engineOn(fleet, serverId);\n  const named",
    replace: "  const engine = engineOn(fleet, serverId);\n  if (engine) return false;\n  const named",
    suite: RESTORED,
  },
  {
    guard: "the deadline of a fence",
    file: "src/store/postgres-store.ts",
    search: "f.deadline < clock_timestamp() OR ",
    replace: "",
    suite: "test/migrations/runner.test.ts",
  },
  {
    guard: "the proof of the fence",
    file: "src/providers/self-hosted/steps/fence.ts",
    search: "      await engineOf(fleet, context).proveFence(source, hold, context.signal);\n",
    replace: "",
    suite: "test/providers/self-hosted/steps.test.ts",
  },
  {
    guard: "the note that a fence is being taken away, in its undo",
    file: "src/providers/self-hosted/steps/fence.ts",
    search: "    await context.beginLift();\n",
    replace: "",
    suite: RECOVERY,
  },
  {
    guard: "the note that a fence is being taken away, by the watchdog",
    file: "src/migrations/runner/sweep.ts",
    search: "  await deps.store.transaction((tx) => tx.beginLift(migrationId));\n",
    replace: "",
    suite: LATE,
  },
  {
    guard: "the note that a step is being taken back",
    file: "src/migrations/runner/roll-back.ts",
    search: "      await noteUndoing(session, step);\n",
    replace: "",
    suite: LATE,
  },
  {
    guard: "the note of who builds a fence",
    file: "src/providers/self-hosted/steps/ensure-hold.ts",
    search: "  await context.beginBuild();\n",
    replace: "",
    suite: RECOVERY,
  },
  {
    guard: "the sweep for fences that nobody owns up to",
    file: "src/migrations/runner/sweep.ts",
    search: "    await takeLateFenceAway(deps, build, shutdown);\n",
    replace: "    void build;\n",
    suite: LATE,
  },
  {
    guard: "the gate's look for fences that nobody owns up to",
    file: "src/migrations/runner/step-context.ts",
    search: "  if (build) await takeLateFenceAway(deps, build, signal);\n",
    replace: "  void build;\n",
    suite: LATE,
  },
  {
    guard: "that the gate looks under its lease",
    file: "src/migrations/runner/step-context.ts",
    search: "await session.write((tx) => tx.abandonedBuild",
    replace: "await deps.store.transaction((tx) => tx.abandonedBuild",
    suite: LATE,
  },
  {
    guard: "whether a fence that was built is still wanted",
    file: "src/providers/self-hosted/steps/ensure-hold.ts",
    search: "  if (await context.fenceStands()) return context.endBuild();\n",
    replace: "  if (await context.fenceStands().then(() => true)) return context.endBuild();\n",
    suite: RECOVERY,
  },
];
