import type { Finding } from "../../../core/preflight.ts";
import type { AddonFacts } from "../read-addon.ts";

/** Extensions that a major version of PostgreSQL does not have any more ("addons/postgresql.md", changelog 2025-03-18). */
const REMOVED: readonly { readonly since: number; readonly names: readonly string[] }[] = [
  { since: 16, names: ["plcoffee", "plls", "plv8"] },
  { since: 17, names: ["adminpack"] },
];
const ON_DEMAND = "pg_cron, pg_ivm, pg_net, pg_repack, pgaudit, pgsql-http, pgtap, rum and timescaledb";

/** What the kind of database and the plan mean for a migration. */
export function judgeEngine(facts: AddonFacts, targetVersion: string): Finding[] {
  const { addon, kind } = facts;
  return [
    ...(addon.engine === "postgresql" ? judgeExtensions(facts, targetVersion) : []),
    ...(kind.engine === "elasticsearch" ? [askFirst] : []),
    ...(addon.plan.shared ? [developmentPlan(addon.plan.name)] : []),
  ];
}

/** Which ones a database uses is not known without entering it, so each one that could matter is named. */
function judgeExtensions({ addon, details }: AddonFacts, targetVersion: string): Finding[] {
  const [from, to] = [majorOf(addon.version), majorOf(targetVersion)];
  const gone = REMOVED.filter(({ since }) => from < since && since <= to).flatMap(({ names }) => names);
  const removed: Finding = {
    check: "removed-extensions",
    level: "warning",
    summary: `PostgreSQL ${to} does not have every extension of ${from}: a database that uses one of ${gone.join(", ")} is not migrated and stays on its version.`,
    remedy: "List what is installed with SELECT extname FROM pg_extension, and drop these before.",
  };
  const onDemand: Finding = {
    check: "on-demand-extensions",
    level: "info",
    summary: `Extensions that Clever Cloud's support installs on demand (${ON_DEMAND}) may not be carried over.`,
    remedy: "Ask its support before, when the database uses one of them.",
  };
  const users = details?.read_only_users?.length ?? 0;
  return [
    ...(gone.length > 0 ? [removed] : []),
    ...(addon.plan.shared ? [] : [onDemand]),
    ...(users > 0 ? [carried(users)] : []),
  ];
}

function carried(users: number): Finding {
  const what = users === 1 ? "The read-only user is" : `All ${users} read-only users are`;
  return { check: "read-only-users-carried", level: "info", summary: `${what} carried over.` };
}

const askFirst: Finding = {
  check: "elasticsearch",
  level: "warning",
  summary: "Clever Cloud advises to ask its support before any migration of Elasticsearch.",
  remedy: "Ask them with the add-on ID; Kibana and APM move with it.",
};

function developmentPlan(name: string): Finding {
  return {
    check: "development-plan",
    level: "warning",
    summary: `${name} is a shared plan without support: Clever Cloud does not help when a migration from it fails. There is no way back to it either.`,
    remedy: "Take a backup before.",
  };
}

function majorOf(version: string): number {
  return Number.parseInt(version, 10) || 0;
}
