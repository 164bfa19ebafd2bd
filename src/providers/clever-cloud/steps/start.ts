import { GodwitError } from "../../../core/failure.ts";
import type { Step, StepContext } from "../../../core/step.ts";
import { ApiProblem } from "../api/problem.ts";
import { HandOff, TICKET_CENTRE } from "../hand-off.ts";
import { isOver } from "../phases.ts";
import type { Platform } from "../platform.ts";
import { type Order, readOrder } from "./order.ts";
import { waitForOrdered } from "./reconcile.ts";
import { before } from "./subject.ts";
import { takeBackOrder } from "./take-back.ts";

const DAY_MS = 86_400_000;
/** Long enough for an undo that waits for the platform; timers end at 24 days. */
const TIMEOUT_DAYS = 20;
/** The order is not cut short when somebody cancels: its answer tells what to take back. */
const ORDER_MS = 8_000;
const LONGEST_WAIT_MS = 300_000;

/** Orders the migration, once. */
export function createStartStep(platform: Platform): Step {
  return {
    name: "start",
    title: "Order the migration",
    pivot: false,
    hold: "ends",
    timeoutMs: TIMEOUT_DAYS * DAY_MS,
    async run(context) {
      const order = readOrder(context.checkpoint);
      const migrationId =
        order === null ? await orderNew(platform, context) : await settle(platform, context, order);
      return { output: { migrationId } };
    },
    undo: (context) => takeBackOrder(platform, context),
  };
}

/** What was there before is noted first, so that a lost answer is found again as what is new. */
async function orderNew(platform: Platform, context: StepContext): Promise<string> {
  const { addonId } = context.migration.source;
  const known = await platform.api.migrations(addonId, context.signal);
  const running = known.find((run) => !isOver(run));
  if (running !== undefined) throw taken(context, running.migrationId);
  // A step that was told to stop is not waited for without end: it must not order what nobody takes back.
  context.signal.throwIfAborted();
  const orderedAt = context.clock.now().toISOString();
  const order: Order = { known: known.map((run) => run.migrationId), orderedAt, migrationId: null };
  await context.saveCheckpoint({ ...order });
  context.signal.throwIfAborted();
  return post(platform, context, order);
}

/** Sent once: an answer that is lost is looked for in the list, and a refusal says that nothing began. */
async function post(platform: Platform, context: StepContext, order: Order): Promise<string> {
  const { source, target } = context.migration;
  const { planId, zone, version } = target;
  try {
    const signal = AbortSignal.timeout(ORDER_MS);
    const begun = await platform.api.startMigration(source.addonId, { planId, zone, version }, signal);
    return await keep(context, order, begun.migrationId);
  } catch (error) {
    if (!isRefusal(error)) return settle(platform, context, order);
    await context.saveCheckpoint({});
    await waitAsAsked(context, error);
    throw error;
  }
}

/** The order was not taken, so it may be sent again, but not before the platform wants to hear of it. */
async function waitAsAsked({ clock, signal }: StepContext, error: ApiProblem): Promise<void> {
  if (error.retryAfterMs !== null) await clock.sleep(Math.min(error.retryAfterMs, LONGEST_WAIT_MS), signal);
}

/** After anything else it may have begun: a timeout, a broken connection, a server's own failure, a strange answer. */
function isRefusal(error: unknown): error is ApiProblem {
  return error instanceof ApiProblem && error.kind !== "unreachable" && error.kind !== "unknown-answer";
}

async function settle(platform: Platform, context: StepContext, order: Order): Promise<string> {
  if (order.migrationId !== null) return order.migrationId;
  context.report({ label: "looking whether Clever Cloud has begun the migration: its answer was lost" });
  const found = await lookForOrdered(platform, context, order);
  if (found !== undefined) return keep(context, order, found.migrationId);
  throw notBegun(platform, context);
}

/** When the platform refuses to tell, nobody knows what became of the order, so nothing is said to be untouched. */
async function lookForOrdered(platform: Platform, context: StepContext, order: Order) {
  try {
    return await waitForOrdered(platform, context, order);
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    throw unseen(platform, context, error);
  }
}

async function keep(context: StepContext, order: Order, migrationId: string): Promise<string> {
  await context.saveCheckpoint({ ...order, migrationId });
  return migrationId;
}

function taken({ migration }: StepContext, migrationId: string): GodwitError {
  return new GodwitError({
    code: "clever-cloud-already-running",
    summary: `Clever Cloud is migrating ${migration.source.addonName} already: ${migrationId}, which no migration of Godwit follows.`,
    remedy: "Follow it in the console; try again when it is over.",
  });
}

/** The order may have begun something that Godwit does not see. */
function unseen(
  { config }: Platform,
  context: StepContext,
  { code, summary, remedy }: ApiProblem,
): GodwitError {
  const { migration } = context;
  return new GodwitError({
    code,
    class: "stuck",
    summary: `Clever Cloud's answer to the order to migrate ${migration.source.addonName} was lost, and whether it has begun is not known. ${summary}`,
    remedy: `${remedy} Then press Retry from this step: Godwit looks again, and does not order a second time.`,
    cause: new HandOff({ migration, owner: config.owner, realId: before(context).realId }),
  });
}

/** Nothing is ordered twice: should it have begun after all, a second order would migrate the add-on again. */
function notBegun({ config }: Platform, context: StepContext): GodwitError {
  const { migration } = context;
  return new GodwitError({
    code: "clever-cloud-order-lost",
    class: "stuck",
    summary: `Clever Cloud did not answer the order to migrate ${migration.source.addonName}, and no migration was seen to begin since. Godwit does not order a second time by itself.`,
    remedy: `Look at the add-on in the console. When a migration runs there, press Retry from this step; when none does, press Mark as solved and ask for it anew. Tickets: ${TICKET_CENTRE}`,
    cause: new HandOff({ migration, owner: config.owner, realId: before(context).realId }),
  });
}
