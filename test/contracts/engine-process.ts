import type { Plan } from "../../src/core/plan.ts";
import { Secret } from "../../src/core/secret.ts";
import type { JsonObject } from "../../src/core/step.ts";
import { engines } from "../../src/engines/index.ts";
import { aCall, runStep, type StepName } from "./engine-subject.ts";

interface Written {
  readonly id: string;
  readonly adminUrl: string;
  readonly database: string;
  readonly username: string;
  readonly password: string;
}

/** A program that runs one step of an engine and dies in the middle of it, as if it were killed. */
const told = JSON.parse(process.env["ENGINE_SUBJECT"] ?? "{}") as {
  readonly engine: string;
  readonly step: StepName;
  readonly plan: Plan;
  readonly undo: JsonObject;
  readonly source: Written;
  readonly target: Written;
};

/** How long a step goes on after it has begun; each step of the contract's subject takes longer. */
const LIFE_MS = 30;

const access = ({ id, adminUrl, database, username, password }: Written) => ({
  server: { id, adminUrl: new Secret(adminUrl) },
  database,
  username,
  password: new Secret(password),
});
const engine = engines[told.engine]?.();
if (!engine) throw new Error(`no engine ${told.engine}`);
const pair = { source: access(told.source), target: access(told.target) };
setTimeout(() => process.kill(process.pid, "SIGKILL"), LIFE_MS);
await runStep(told.step, { engine, pair, plan: told.plan, undo: told.undo, call: aCall() });
process.kill(process.pid, "SIGKILL");
