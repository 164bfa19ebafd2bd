import { describeProvider, startLocalCleverCloud } from "../clever-cloud/index.ts";
import { type CleverWorld, createScenarioSwitch, type ScenarioSwitch } from "./clever-scenarios.ts";

/** The demo's second provider: a local Clever Cloud, which moves no data. */
export interface CleverStand extends CleverWorld {
  readonly switch: ScenarioSwitch;
  readonly provider: ReturnType<typeof describeProvider>;
  close(): Promise<void>;
}

/** So slow that a visitor sees each phase, and done within half a minute. */
const PACE = { stepMs: 900, firstStepMs: 400, restartDelayMs: 1_000, deploymentMs: 4_000 };
const POLL = { first: "1s", later: "1s", slow: "1s" };

/** Starts it with the database reports and the application dashboard. */
export async function startCleverStand(): Promise<CleverStand> {
  const clever = await startLocalCleverCloud({ pace: PACE, minPollMs: 0 });
  const addon = clever.seedAddon({ name: "reports", plan: "xs_sml", version: "15" });
  const application = clever.seedApplication({ name: "dashboard", linkedTo: [addon] });
  clever.seedPastMigration({ addon, agoMs: 90 * 86_400_000, stepMs: 4_000, copyMs: 240_000 });
  const world = { clever, addon, application };
  const provider = describeProvider(clever, { poll: POLL, deployWithin: "15s" });
  return { ...world, provider, switch: createScenarioSwitch(world), close: () => clever.close() };
}
