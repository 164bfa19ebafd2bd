import { join } from "node:path";
import { systemClock } from "../clock.ts";
import { GodwitError } from "../core/failure.ts";
import type { EngineCall, OpenedUrls } from "../core/ports/engine.ts";
import { Secret } from "../core/secret.ts";
import { createLog } from "../log.ts";
import { type Copy, copyTo } from "./copy/copy-to.ts";
import { type CopyOrder, parseOrder } from "./copy/order.ts";
import { type CopyReporter, createCopyReporter } from "./copy/reporter.ts";
import { CopyState } from "./copy/state.ts";
import { takeAway } from "./copy/take-away.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { BadInput } from "./usage.ts";

const REFUSALS = new Set([
  "bad-url",
  "target-taken",
  "target-not-empty",
  "owner-exists",
  "copy-running",
  "already-fenced",
]);

/**
 * `godwit copy`: the engine without the bot. The source stays read-only after a success, unless `--unfence`
 * says otherwise, and is opened again after a failure.
 */
export async function copy(args: readonly string[]): Promise<ExitCode> {
  const order = parseOrder(args, systemClock.now());
  const reporter = createCopyReporter(order.json || !process.stdout.isTTY);
  const stop = new AbortController();
  const interrupt = (): void => stop.abort(interrupted());
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    return await withState(order, reporter, stop.signal);
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
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

async function withState(order: CopyOrder, reporter: CopyReporter, signal: AbortSignal): Promise<ExitCode> {
  let state: CopyState | undefined;
  try {
    state = await CopyState.open(join(process.cwd(), ".godwit", "copies"), order.from);
    return await carryOut({ order, state, reporter, call: callWith(reporter, signal) });
  } catch (error) {
    if (!(error instanceof GodwitError)) throw error;
    reporter.failed(error, (state?.undo ?? null) !== null);
    return REFUSALS.has(error.code) ? EXIT.refused : EXIT.failed;
  } finally {
    await state?.close();
  }
}

async function carryOut(copy: Omit<Copy, "open">): Promise<ExitCode> {
  const { order, call } = copy;
  const open: Copy["open"] = (to, goesOn) => openUrls(order, { to, goesOn }, call.signal);
  return order.to === undefined ? takeAway({ ...copy, open }) : copyTo({ ...copy, open }, order.to);
}

function openUrls(
  { engine, from, owner }: CopyOrder,
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
