import type { Plan } from "../../core/plan.ts";
import type { CopyReport, Engine, EngineCall, FenceHold, OpenedUrls } from "../../core/ports/engine.ts";
import type { Proof } from "../../core/proof.ts";
import { Phases } from "./phases.ts";
import type { CopyReporter, CopyResult } from "./reporter.ts";
import type { CopyState } from "./state.ts";
import { liftFence } from "./take-back.ts";

/** A copy as it was ordered, and what it works with. */
export interface CopyRun {
  readonly engine: Engine;
  readonly opened: OpenedUrls;
  readonly state: CopyState;
  readonly reporter: CopyReporter;
  readonly call: EngineCall;
  /** The target, as the note calls it. */
  readonly to: string;
  /** Goes on where a run that died has stopped. */
  readonly resumes: boolean;
  /** Opens the source again when the copy is proved. */
  readonly unfences: boolean;
}

/** There is no plan: the target takes what its server lets it. */
export const NO_LIMITS: Plan = {
  id: "none",
  name: "none",
  engine: "none",
  vcpus: 1,
  memoryBytes: Number.MAX_SAFE_INTEGER,
  diskBytes: Number.MAX_SAFE_INTEGER,
  connections: 2 ** 31 - 1,
  shared: false,
  monthlyPrice: { minorUnits: 0, currency: "EUR" },
};
/** The engines' way of saying that a database has no limit of its own. */
export const UNLIMITED: Plan = { ...NO_LIMITS, connections: -1 };

/** Makes the target with its schema; one that an earlier run has made is kept when that run is gone on with. */
async function prepare({ engine, opened, state, call, to, resumes }: CopyRun): Promise<void> {
  await engine.provision(opened.pair, UNLIMITED, call);
  if (resumes) return;
  state.write({ to, undo: null, isDone: false, replication: null });
  if (engine.capabilities.hasSchema) await engine.copySchema(opened.pair, call);
}

/** The first phase: its name and what is told of it. */
export function preparation({ capabilities }: Engine): readonly [name: string, title: string] {
  return capabilities.hasSchema
    ? ["schema", "Copying the schema and trying all of it."]
    : ["provision", "Making the new database ready."];
}

/** Fences the source, after noting how to take the fence away. */
export async function fence({ engine, opened, state, call }: CopyRun): Promise<FenceHold> {
  const { source } = opened.pair;
  const undo = state.undo ?? (await engine.planFence(source, call.signal));
  state.change({ undo });
  const hold = await engine.fence(source, undo, state.holder, call);
  await engine.proveFence(source, hold, call.signal);
  return hold;
}

interface Fenced {
  readonly hold: FenceHold;
  readonly copied: CopyReport;
  readonly proof: Proof;
}

async function copyUnderFence(run: CopyRun, phases: Phases): Promise<Fenced> {
  const { engine, opened, state, call, resumes } = run;
  const { pair } = opened;
  const goesOn = resumes && state.undo !== null;
  const hold = await phases.run("fence", "Fencing the old database: from now on it refuses writes.", () =>
    fence(run),
  );
  const journal = state.journal({ goesOn });
  const copied = await phases.run("copy", "Copying the data.", () =>
    engine.copyData(pair, hold, call, journal),
  );
  const proof = await phases.run("verify", "Comparing both databases.", () =>
    engine.verify(pair, hold, call),
  );
  return { hold, copied, proof };
}

async function complete(run: CopyRun, fenced: Fenced, phases: Phases): Promise<CopyResult> {
  const { engine, opened, state, call } = run;
  const { hold, copied, proof } = fenced;
  const provedAt = call.clock.now();
  await phases.run("finish", "Gathering what statistics are missing.", () =>
    engine.finish(opened.pair.target, call),
  );
  await opened.handOver(call.signal);
  await hold.release();
  state.change({ isDone: true });
  if (run.unfences && (await liftFence(run, opened.pair.source))) state.remove();
  const readOnlyUntil = run.unfences ? call.clock.now() : provedAt;
  return {
    strategy: "dump",
    rows: proof.rows,
    item: run.engine.capabilities.units.item,
    bytes: copied.bytes,
    seconds: 0,
    readOnlySeconds: (readOnlyUntil.getTime() - hold.since.getTime()) / 1000,
    verified: proof.notVerified.length === 0,
    fenced: !run.unfences,
    phases: phases.seconds,
    notVerified: proof.notVerified,
  };
}

/** Copies a database: everything before the fence, then the data under it, then the proof. */
export async function runCopy(run: CopyRun): Promise<CopyResult> {
  const startedAt = performance.now();
  const phases = new Phases(run.reporter);
  await phases.run(...preparation(run.engine), () => prepare(run));
  const fenced = await copyUnderFence(run, phases);
  try {
    const result = await complete(run, fenced, phases);
    return { ...result, seconds: Math.round(performance.now() - startedAt) / 1000 };
  } finally {
    await fenced.hold.release();
  }
}
