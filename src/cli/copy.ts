import { join } from "node:path";
import { parseArgs } from "node:util";
import { systemClock } from "../clock.ts";
import { GodwitError } from "../core/failure.ts";
import type { Engine, EngineCall, OpenedUrls } from "../core/ports/engine.ts";
import { Secret } from "../core/secret.ts";
import { engines } from "../engines/index.ts";
import { createLog } from "../log.ts";
import { type CopyReporter, createCopyReporter } from "./copy/reporter.ts";
import { type CopyRun, isAllowed, liftFence, runCopy } from "./copy/run-copy.ts";
import { CopyState, withoutPassword } from "./copy/state.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { BadInput } from "./usage.ts";

const OPTIONS = {
  engine: { type: "string", default: "postgresql" },
  from: { type: "string" },
  to: { type: "string" },
  owner: { type: "string" },
  strategy: { type: "string", default: "dump" },
  jobs: { type: "string", default: "4" },
  json: { type: "boolean", default: false },
  resume: { type: "boolean", default: false },
  unfence: { type: "boolean", default: false },
} as const;

const REFUSALS = new Set([
  "bad-url",
  "target-taken",
  "target-not-empty",
  "owner-exists",
  "copy-running",
  "already-fenced",
]);

/** The command as it was typed. */
interface Order {
  readonly engine: Engine;
  readonly from: string;
  /** Absent when only a fence is to be lifted. */
  readonly to: string | undefined;
  readonly owner: string | undefined;
  readonly resumes: boolean;
  readonly unfences: boolean;
}

/**
 * `godwit copy`: the engine without the bot. The source stays read-only after a success, unless `--unfence`
 * says otherwise, and is opened again after a failure.
 */
export async function copy(args: readonly string[]): Promise<ExitCode> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const order = orderOf(values);
  const reporter = createCopyReporter(values.json);
  const stop = new AbortController();
  const interrupt = (): void => stop.abort(interrupted());
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    return await withState(order, reporter, stop.signal);
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];

function orderOf(values: Values): Order {
  const from = values.from ?? process.env["GODWIT_FROM_URL"];
  const to = values.to ?? process.env["GODWIT_TO_URL"];
  const make = engines[values.engine];
  const jobs = Number(values.jobs);
  if (!make)
    throw new BadInput(`there is no engine “${values.engine}”; there is ${Object.keys(engines).join(", ")}.`);
  if (!Number.isInteger(jobs) || jobs < 1) throw new BadInput("--jobs is a whole number from 1 up.");
  if (!from) throw new BadInput("godwit copy needs --from or GODWIT_FROM_URL.");
  if (!URL.canParse(from)) throw new BadInput("--from is no URL.");
  if (!to && !values.unfence) throw new BadInput("godwit copy needs --to or GODWIT_TO_URL.");
  if (to && !URL.canParse(to)) throw new BadInput("--to is no URL.");
  if (values.strategy !== "dump") throw new BadInput("godwit copy knows only --strategy dump as yet.");
  const { owner, resume: resumes, unfence: unfences } = values;
  return { engine: make({ jobs }), from, to, owner, resumes, unfences };
}

function interrupted(): GodwitError {
  const remedy = "Start it again when you like.";
  return new GodwitError({
    code: "interrupted",
    class: "cancelled",
    summary: "The copy was interrupted.",
    remedy,
  });
}

async function withState(order: Order, reporter: CopyReporter, signal: AbortSignal): Promise<ExitCode> {
  let state: CopyState | undefined;
  try {
    state = await CopyState.open(join(process.cwd(), ".godwit", "copies"), order.from);
    return await (order.to === undefined
      ? onlyUnfence(order, state, { reporter, signal })
      : copyTo(order, state, { to: order.to, reporter, signal }));
  } catch (error) {
    if (!(error instanceof GodwitError)) throw error;
    reporter.failed(error, (state?.undo ?? null) !== null);
    return REFUSALS.has(error.code) ? EXIT.refused : EXIT.failed;
  } finally {
    await state?.close();
  }
}

interface Surroundings {
  readonly reporter: CopyReporter;
  readonly signal: AbortSignal;
}

async function onlyUnfence(
  order: Order,
  state: CopyState,
  { reporter, signal }: Surroundings,
): Promise<ExitCode> {
  const { pair } = await open(order, { to: order.from, goesOn: true }, signal);
  const isLifted = await liftFence({ engine: order.engine, state }, pair.source);
  if (isLifted) state.remove();
  reporter.notice(
    isLifted ? "The old database accepts writes again." : "No copy has left a fence on this database.",
  );
  return EXIT.done;
}

async function copyTo(
  order: Order,
  state: CopyState,
  { to, reporter, signal }: Surroundings & { readonly to: string },
): Promise<ExitCode> {
  const target = withoutPassword(to);
  const goesOn = state.note?.to === target && !state.note.isDone;
  const opened = await open(order, { to, goesOn }, signal);
  const resumes = order.resumes && goesOn && state.undo !== null;
  if (order.resumes && !resumes) reporter.notice("There is nothing to go on from: the copy starts anew.");
  const { engine } = order;
  // A run that died has left its fence: only who goes on with it may keep it.
  if (!resumes && (await liftFence({ engine, state }, opened.pair.source))) {
    reporter.notice("The fence that an earlier copy had left was lifted.");
  }
  const call = callWith(reporter, signal);
  const run: CopyRun = {
    engine,
    opened,
    state,
    reporter,
    call,
    to: target,
    resumes,
    unfences: order.unfences,
  };
  return carryOut(run);
}

async function carryOut(run: CopyRun): Promise<ExitCode> {
  if (!run.resumes && !(await isAllowed(run))) return EXIT.refused;
  try {
    const result = await runCopy(run);
    run.reporter.report(result);
    return result.verified ? EXIT.done : EXIT.failed;
  } catch (error) {
    await liftFence(run, run.opened.pair.source);
    throw error;
  }
}

function open(
  { engine, from, owner }: Order,
  { to, goesOn }: { readonly to: string; readonly goesOn: boolean },
  signal: AbortSignal,
): Promise<OpenedUrls> {
  const password = process.env["GODWIT_OWNER_PASSWORD"];
  if (!engine.openUrls) throw new BadInput(`godwit copy cannot drive ${engine.name}.`);
  return engine.openUrls(
    {
      from: new Secret(from),
      to: new Secret(to),
      goesOn,
      ...(owner === undefined ? {} : { owner }),
      ...(password === undefined ? {} : { ownerPassword: new Secret(password) }),
    },
    signal,
  );
}

function callWith(reporter: CopyReporter, signal: AbortSignal): EngineCall {
  const log = createLog("warn");
  return { signal, log, clock: systemClock, report: (progress) => reporter.progress(progress) };
}
