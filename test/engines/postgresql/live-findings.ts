import { expect } from "vitest";
import type { FleetMajor } from "../../../playground/fleet/start-fleet.ts";
import type { DatabaseAccess, ServerAccess } from "../../../src/core/ports/engine.ts";
import type { Finding } from "../../../src/core/preflight.ts";
import { Secret } from "../../../src/core/secret.ts";
import type { Strategy } from "../../../src/core/target.ts";
import { preflight } from "../../../src/engines/postgresql/preflight/preflight.ts";
import { postgresUrl } from "../../support/shared-servers.ts";
import { anEngine, aPlan } from "./make-subject.ts";

/** How each remedy ends where a copy inside the read-only window is another way. */
export const OR_COPY = "or choose to copy while read-only.";

/** What preflight finds, by check. */
export type Found = Readonly<Record<string, Finding>>;

/** A finding, word for word. */
export type Row = readonly [check: string, level: Finding["level"], summary: string, remedy: string];

/** The run's shared server of a version. */
export async function sharedServer(major: FleetMajor): Promise<ServerAccess> {
  return { id: `pg${major}`, adminUrl: new Secret(await postgresUrl(major)) };
}

/** What preflight finds between a database and a server; no check has two findings. */
export async function findingsOf(
  source: DatabaseAccess,
  targetServer: ServerAccess,
  options: { readonly strategy?: Strategy; readonly reachMs?: number } = {},
): Promise<Found> {
  const { strategy = "live", reachMs = 10_000 } = options;
  const input = { source, targetServer, targetPlan: aPlan(), strategy };
  const findings = await preflight(input, new AbortController().signal, { limits: { reachMs } });
  expect(new Set(findings.map(({ check }) => check)).size).toBe(findings.length);
  return Object.fromEntries(findings.map((finding) => [finding.check, finding]));
}

/** Expects a finding word for word. */
export function expectRow(found: Found, [check, level, summary, remedy]: Row): void {
  expect(found[check]).toEqual({ check, level, summary, remedy });
}

/** Expects that what the form reads says the blockers in the same words as preflight. */
export async function expectObstacles(source: DatabaseAccess, rows: readonly Row[]): Promise<void> {
  const { liveObstacles = [] } = await anEngine().inspect(source, new AbortController().signal);
  const blockers = rows.filter(([, level]) => level === "blocker");
  expect(liveObstacles).toEqual(blockers.map(([check, , summary, remedy]) => ({ check, summary, remedy })));
}
