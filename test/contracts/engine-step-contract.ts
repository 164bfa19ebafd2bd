import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import type { DatabaseAccess } from "../../src/core/ports/engine.ts";
import type { JsonObject } from "../../src/core/step.ts";
import {
  aCall,
  type EngineSubject,
  fenced,
  HOLDER,
  type MakeSubject,
  prepared,
  runStep,
  STEPS,
  type StepName,
} from "./engine-subject.ts";

const signal = new AbortController().signal;

/** What every engine promises of each step that is stopped, by a person, a failure or the death of its process. */
export function describeStepContract(makeSubject: MakeSubject): void {
  describe("a step that does not come to its end", () => {
    it.each(STEPS)(
      "%s: stopped in the middle, everything is taken back and writes are open",
      async (step) => {
        const subject = await makeSubject("filled");
        const before = await subject.settings(subject.pair.source);
        const undo = await arriveAt(subject, step);
        const stop = new AbortController();
        const running = runStep(step, { ...subject, undo, call: aCall(stop.signal) }).catch(() => undefined);
        setImmediate(() => stop.abort(new Error("cancelled by a person")));
        await (await running)?.release();
        await takeBack(subject, undo);
        expect(await subject.settings(subject.pair.source)).toEqual(before);
        await expectOpen(subject);
        await subject.dispose();
      },
    );

    it.each(STEPS)("%s: killed in the middle, another process goes on and proves the copy", async (step) => {
      const subject = await makeSubject("filled");
      const undo = await arriveAt(subject, step);
      await dieIn(step, subject, undo);
      const { engine, pair } = subject;
      // Later steps find the schema as it was copied before the fence.
      if (STEPS.indexOf(step) <= STEPS.indexOf("copySchema")) await prepared(subject);
      const hold = await engine.fence(pair.source, undo, HOLDER, aCall());
      await engine.proveFence(pair.source, hold, signal);
      await engine.copyData(pair, hold, aCall());
      await engine.verify(pair, hold, aCall());
      await hold.release();
      await takeBack(subject, undo);
      await expectOpen(subject);
      await subject.dispose();
    });
  });
}

/** Everything that stands before a step, as the runner has it stored; whoever built the fence has let go of it. */
async function arriveAt(subject: EngineSubject, step: StepName): Promise<JsonObject> {
  const reached = STEPS.indexOf(step);
  if (reached > STEPS.indexOf("provision"))
    await subject.engine.provision(subject.pair, subject.plan, aCall());
  if (reached > STEPS.indexOf("copySchema")) await subject.engine.copySchema(subject.pair, aCall());
  if (reached <= STEPS.indexOf("fence")) return await subject.engine.planFence(subject.pair.source, signal);
  const { undo, hold } = await fenced(subject);
  if (step === "verify") await subject.engine.copyData(subject.pair, hold, aCall());
  await hold.release();
  return undo;
}

async function takeBack({ engine, pair }: EngineSubject, undo: JsonObject): Promise<void> {
  await engine.unfence(pair.source, undo, HOLDER, signal);
  await engine.drop(pair.target, signal);
}

async function expectOpen(subject: EngineSubject): Promise<void> {
  const { source } = subject.pair;
  for (const [way, write] of Object.entries(subject.writes))
    await expect(write(source), way).resolves.toBeUndefined();
  await subject.read(source);
}

/** Runs one step in a process of its own, which kills itself as soon as the step has begun. */
async function dieIn(step: StepName, subject: EngineSubject, undo: JsonObject): Promise<void> {
  const { engine, pair, plan } = subject;
  const told = {
    engine: engine.id,
    step,
    plan,
    undo,
    source: written(pair.source),
    target: written(pair.target),
  };
  const program = fileURLToPath(new URL("./engine-process.ts", import.meta.url));
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const child = spawn(process.execPath, ["--import", tsx, program], {
    env: { ...process.env, ENGINE_SUBJECT: JSON.stringify(told) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = await new Promise((done) => child.once("exit", (code, killedBy) => done(killedBy ?? code)));
  expect(ended).toBe("SIGKILL");
}

function written({ server, database, username, password }: DatabaseAccess): object {
  return {
    id: server.id,
    adminUrl: server.adminUrl.reveal(),
    database,
    username,
    password: password.reveal(),
  };
}
