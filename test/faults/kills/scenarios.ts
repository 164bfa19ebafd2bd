import type { CrashPoint } from "../../../src/core/crash-point.ts";
import type { Stage } from "../../journeys/stage.ts";
import { until } from "../../support/until.ts";

const LONG = { timeoutMs: 90_000 };

/** Who dies: the process that moves migrations, or the one that talks. */
type Victim = "worker" | "bot";

/** A story in which a crash point is reached, and how it must end. */
export interface Scenario {
  readonly victim: Victim;
  readonly strategy: "dump" | "live";
  /** Variables of every worker. */
  readonly environment: Readonly<Record<string, string>>;
  /** Brings a migration that is under way, or has ended, to the point. */
  readonly approach: (stage: Stage) => Promise<void>;
  /** What is to do for it to end, once the victim is dead and followed. */
  readonly resolve: (stage: Stage) => Promise<void>;
  readonly ends: "succeeded" | "rolled_back";
  /** True where only the first process can come here: what it did is not done again. */
  readonly happensOnce: boolean;
  /** True where the point lies behind the end: another process comes there, after its approach. */
  readonly isLate: boolean;
}

const nothing = async () => undefined;
const forward: Scenario = {
  victim: "worker",
  strategy: "dump",
  environment: {},
  approach: nothing,
  resolve: nothing,
  ends: "succeeded",
  happensOnce: false,
  isLate: false,
};
const telling: Scenario = { ...forward, victim: "bot" };
const backward: Scenario = { ...forward, environment: { FAIL_AT: "verify" }, ends: "rolled_back" };
/** A worker that hangs with its fence; the deadline is then made to pass. */
const overdue: Scenario = {
  ...forward,
  environment: { HOLD_AT: "copy-data" },
  approach: (stage) => letDeadlinePass(stage, "running"),
  ends: "rolled_back",
};
/** The way back does not work, so that support is called while the fence stands. */
const stuck: Scenario = {
  ...forward,
  environment: { FAIL_AT: "verify", FAIL_UNDO_AT: "copy-data" },
  approach: (stage) => letDeadlinePass(stage, "needs_support"),
  resolve: returnByHand,
  ends: "rolled_back",
};
/** The old database is kept no longer. */
const housekeeping: Scenario = { ...forward, approach: letRetentionPass, isLate: true };

const SPECIAL: Partial<Record<CrashPoint, Scenario>> = {
  // Drawn and kept once: whoever follows finds them.
  "provision: named": { ...forward, happensOnce: true },
  "provision: password kept": { ...forward, happensOnce: true },
  "undo: before": backward,
  "undo: after": backward,
  "fence: undone": backward,
  "confirm: not rung for": { ...telling, happensOnce: true },
  "outbox: claimed": telling,
  "outbox: delivered": telling,
  "outbox: marked": telling,
  "outbox: put back": telling,
  "watchdog: took over": overdue,
  "watchdog: opened": stuck,
  "replication: ended": { ...forward, strategy: "live" },
  "following: kept": { ...forward, strategy: "live" },
  "following: begun": { ...forward, strategy: "live" },
  "following: ended": { ...housekeeping, strategy: "live" },
  "retired database: dropped": housekeeping,
};

/** The story that leads to a crash point: a migration that succeeds, unless the point lies elsewhere. */
export function scenarioOf(point: CrashPoint): Scenario {
  return SPECIAL[point] ?? forward;
}

async function letDeadlinePass(stage: Stage, state: string): Promise<void> {
  const { pool } = stage;
  const isThere = async () => {
    const { rowCount } = await pool.query("SELECT FROM godwit.fences WHERE lifted_at IS NULL");
    const { rows } = await pool.query("SELECT status FROM godwit.steps WHERE name = 'copy-data'");
    const isCopying = rows[0]?.status !== "pending";
    return rowCount === 1 && isCopying && (await stage.migration()).state === state;
  };
  await until(isThere, { what: `a fence that stands while the migration is ${state}`, ...LONG });
  await pool.query("UPDATE godwit.fences SET deadline = clock_timestamp()");
}

async function letRetentionPass(stage: Stage): Promise<void> {
  const { pool } = stage;
  await until(async () => (await stage.migration()).state === "succeeded", {
    what: "the migration to end",
    ...LONG,
  });
  await pool.query(
    "UPDATE godwit.retired_databases SET announced_at = now() - interval '9 days', drop_at = now() - interval '1 day'",
  );
}

/** Support presses the button that returns to the old database, with an undo that works again. */
async function returnByHand(stage: Stage): Promise<void> {
  const { chat } = stage;
  const label = "Return to the old database";
  const root = chat.messages().find((message) => message.thread().messages().length > 0);
  const failed = await root?.thread().waitFor((message) => message.buttons().includes(label), LONG);
  if (!failed) throw new Error("nobody was asked what to do");
  await chat.person("alice").presses(failed, label);
  await until(async () => (await stage.migration()).state === "rolled_back", { what: "the return", ...LONG });
}
