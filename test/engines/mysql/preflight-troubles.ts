import { expect } from "vitest";
import type { MysqlServerName } from "../../../scripts/tools/ensure-tools.ts";
import type { Plan } from "../../../src/core/plan.ts";
import type { DatabaseAccess } from "../../../src/core/ports/engine.ts";
import type { Finding } from "../../../src/core/preflight.ts";
import { Secret } from "../../../src/core/secret.ts";
import { mysqlUrl } from "../../support/shared-servers.ts";
import { aDatabase, aPlan } from "./databases.ts";
import { anEngine } from "./make-subject.ts";

const signal = new AbortController().signal;
const made: DatabaseAccess[] = [];

/** Drops what `aSource` has made in this file. */
export async function dropSources(): Promise<void> {
  for (const database of made) await anEngine().drop(database, signal);
}

/** A database that is dropped at the end of the file. */
export async function aSource(
  name: MysqlServerName,
  statements: readonly string[] = [],
): Promise<DatabaseAccess> {
  const source = await aDatabase(name, statements);
  made.push(source);
  return source;
}

/** What preflight finds about a move to a shared server, or to the one at `url`. */
export async function look(
  source: DatabaseAccess,
  { to, url, plan = {} }: { to: MysqlServerName; url?: string; plan?: Partial<Plan> },
): Promise<readonly Finding[]> {
  const targetServer = { id: "new", adminUrl: new Secret(url ?? (await mysqlUrl(to))) };
  return anEngine().preflight({ source, targetServer, targetPlan: aPlan(plan) }, signal);
}

/** Expects a finding that says in whole sentences what it is, and what to do. */
export function expectFinding(findings: readonly Finding[], check: string, level: Finding["level"]): void {
  const found = findings.find((finding) => finding.check === check);
  expect(found, `${check} among ${findings.map((finding) => finding.check).join(", ")}`).toBeDefined();
  expect(found?.level).toBe(level);
  expect(found?.summary).toMatch(/\.$/);
  if (level !== "info") expect(found?.remedy).toMatch(/\.$/);
}
