import type { Addon } from "../../core/addon.ts";
import { GodwitError } from "../../core/failure.ts";
import { formatDuration } from "../../core/format.ts";
import { judgePlan } from "../../core/judge-upgrade.ts";
import type { DatabaseFacts } from "../../core/ports/engine.ts";
import type { FleetAddon } from "../../core/ports/fleet.ts";
import type { Finding, PreflightReport, WindowEstimate } from "../../core/preflight.ts";
import { type Strategy, strategyOf, type Target } from "../../core/target.ts";
import type { Verdict } from "../../core/verdict.ts";
import { chooseServer } from "./choose-server.ts";
import type { Fleet } from "./fleet.ts";
import { judgeApplications } from "./judge-applications.ts";
import { accessOf, findEngine, findPlan, openAccess } from "./location.ts";
import { inspectAddon, linkedApplications } from "./read-addon.ts";
import { onServer } from "./server-reach.ts";

const HOUR_MS = 3_600_000;

interface Subject {
  readonly record: FleetAddon;
  readonly addon: Addon;
  readonly target: Target;
  readonly signal: AbortSignal;
}

/** Looks for everything that could go wrong with a migration, without changing anything. A server that is down is a blocker. */
export async function runPreflight(fleet: Fleet, subject: Subject): Promise<PreflightReport> {
  const { record, addon, target } = subject;
  const plan = findPlan(fleet, target.planId);
  const engine = findEngine(fleet, record.engine);
  const strategy = strategyOf(target.strategy);
  const source = await openAccess(fleet, record);
  const applications = await judgeApplications(fleet, record, { engine, source });
  const facts = await orFinding(() => inspectAddon(fleet, record, subject.signal));
  const servers = await orFinding(() => judgeServers(fleet, subject));
  const estimate =
    "check" in facts ? unknownWindow(facts) : await estimateWindow(fleet, record, { facts, strategy });
  const findings = [
    ...fromVerdict(judgePlan(addon, plan, engine.capabilities.residence)),
    ...fromVerdict(engine.capabilities.versions.judge(addon, target.version)),
    ...("check" in facts ? [facts] : []),
    ...("check" in servers ? [servers] : servers),
    ...("check" in facts || isStopped(servers) ? [] : fromVerdict(engine.judgeStrategy(strategy, facts))),
    ...(strategy === "dump" ? judgeWindow(fleet, estimate) : judgeSwitch(fleet, estimate)),
    ...applications.findings,
  ];
  const impact = {
    restarts: linkedApplications(fleet, record),
    hardCoded: applications.hardCoded,
    readOnlyUsersLost: "check" in facts ? [] : facts.otherUsers,
    retentionHours: fleet.config.retentionMs / HOUR_MS,
  };
  return { findings: unique(findings), estimate, impact, checkedAt: fleet.clock.now().toISOString() };
}

/** What the engine finds between the source and the server that would be chosen now. */
async function judgeServers(fleet: Fleet, { record, target, signal }: Subject): Promise<readonly Finding[]> {
  const { server } = await chooseServer(fleet, target, signal);
  const source = await openAccess(fleet, record);
  const strategy = strategyOf(target.strategy);
  const targetPlan = findPlan(fleet, target.planId);
  const input = { source, targetServer: accessOf(server), targetPlan, strategy };
  const engine = findEngine(fleet, record.engine);
  return await onServer(record.serverId, () => engine.preflight(input, signal));
}

/** Whether the engine has blockers of its own: they tell one by one what its verdict on the strategy tells in one. */
function isStopped(servers: Finding | readonly Finding[]): boolean {
  return !("check" in servers) && servers.some(({ level }) => level === "blocker");
}

/** How long the database will be read-only, by what this fleet measured before. */
async function estimateWindow(
  fleet: Fleet,
  record: FleetAddon,
  { facts, strategy }: { readonly facts: DatabaseFacts; readonly strategy: Strategy },
): Promise<WindowEstimate> {
  const past = await fleet.store.measurements(fleet.config.name, record.engine);
  return findEngine(fleet, record.engine).estimate(facts, past, strategy);
}

/** A switch that is likely to be taken back each time is not worth hours of replicating. */
function judgeSwitch(fleet: Fleet, { minSeconds, maxSeconds }: WindowEstimate): Finding[] {
  const limit = fleet.config.switchLimitMs;
  if (maxSeconds * 1000 <= limit) return [];
  const level = minSeconds * 1000 > limit ? "blocker" : "warning";
  const summary = `The switch may take longer than ${formatDuration(limit)}, after which it is taken back.`;
  return [{ check: "switch-too-long", level, summary, remedy: "Raise switchLimit in godwit.yaml." }];
}

function judgeWindow(fleet: Fleet, { minSeconds, maxSeconds }: WindowEstimate): Finding[] {
  const limit = fleet.config.fenceLimitMs;
  if (maxSeconds * 1000 <= limit) return [];
  const level = minSeconds * 1000 > limit ? "blocker" : "warning";
  const summary = `The copy may take longer than ${formatDuration(limit)}, after which Godwit returns to the old database.`;
  return [{ check: "window-too-long", level, summary, remedy: "Raise fenceLimit in godwit.yaml." }];
}

/** Turns an error that a person should understand into a blocker; other errors stay errors. */
async function orFinding<T extends object>(work: () => Promise<T>): Promise<T | Finding> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof GodwitError)) throw error;
    return { check: error.code, level: "blocker", summary: error.summary, remedy: error.remedy };
  }
}

function fromVerdict(verdict: Verdict): Finding[] {
  if (verdict.allowed) return [];
  const { code, summary, remedy } = verdict.refusal;
  return [{ check: code, level: "blocker", summary, remedy }];
}

function unknownWindow(finding: Finding): WindowEstimate {
  return { minSeconds: 0, maxSeconds: 0, source: `Not known: ${finding.summary}` };
}

/** The source's server may also be the target's: then it is down only once. */
function unique(findings: readonly Finding[]): Finding[] {
  const isFirst = (finding: Finding, index: number) =>
    findings.findIndex(({ check, summary }) => check === finding.check && summary === finding.summary) ===
    index;
  return findings.filter(isFirst);
}
