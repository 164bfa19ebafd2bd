import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DatabaseAccess } from "../../../src/core/ports/engine.ts";
import type { Finding } from "../../../src/core/preflight.ts";
import { Secret } from "../../../src/core/secret.ts";
import { preflight } from "../../../src/engines/postgresql/preflight/preflight.ts";
import { postgresUrl } from "../../support/shared-servers.ts";
import { querySql } from "../../support/test-database.ts";
import { adminUrl, appUrl } from "./database-urls.ts";
import { aDatabase, anEngine, aPlan } from "./make-subject.ts";
import { ADMINISTRATORS_TROUBLES, OWNERS_TROUBLES, TROUBLES_AWAY } from "./preflight-troubles.ts";

const signal = new AbortController().signal;
const engine = anEngine();
const role = `trouble_${randomBytes(4).toString("hex")}`;
const LIMITS = { longTransactionSeconds: 0, rowBytes: 150_000, bloatBytes: 1 };

let source: DatabaseAccess;
let open: Client;
let found: Readonly<Record<string, Finding>> = {};

async function asAdministrator(sql: string): Promise<void> {
  const database = `"${source.database.replaceAll('"', '""')}"`;
  const text = sql.replaceAll("{role}", role).replaceAll("{database}", database);
  await querySql(adminUrl(source), `SET search_path = public; ${text.split(";\n")[0]}`);
  for (const statement of text.split(";\n").slice(1)) {
    if (statement.trim() !== "") await querySql(adminUrl(source), `SET search_path = public; ${statement}`);
  }
}

async function readFindings(): Promise<typeof found> {
  const targetServer = { id: "target", adminUrl: new Secret(await postgresUrl(18)) };
  const input = { source, targetServer, targetPlan: aPlan() };
  const findings = await preflight(input, signal, { limits: LIMITS });
  return Object.fromEntries(findings.map((finding) => [finding.check, finding]));
}

beforeAll(async () => {
  source = await aDatabase(15, OWNERS_TROUBLES);
  open = new Client({ connectionString: appUrl(source) });
  await open.connect();
  await open.query("BEGIN; SELECT 1");
  await asAdministrator(ADMINISTRATORS_TROUBLES);
  const owner = `"${source.username.replaceAll('"', '""')}"`;
  const inPlace = `${adminUrl(source)}?options=${encodeURIComponent("-c allow_in_place_tablespaces=on")}`;
  await querySql(inPlace, `CREATE TABLESPACE ${role} LOCATION ''`);
  await querySql(adminUrl(source), `ALTER TABLE public.dead SET TABLESPACE ${role}`);
  await querySql(adminUrl(source), `SET password_encryption = 'md5'; ALTER ROLE ${owner} PASSWORD 'old'`);
  found = await readFindings();
});

afterAll(async () => {
  await open?.end();
  await asAdministrator(TROUBLES_AWAY);
  await engine.drop(source, signal);
  const root = source.server.adminUrl.reveal();
  await querySql(root, `DROP ROLE ${role}_writer, ${role}_reader, ${role}_group`);
  await querySql(root, `DROP TABLESPACE ${role}`);
});

describe("preflight of a database with every trouble", () => {
  it.each([
    ["column-types", "blocker", "“public.roles.r”", /^Change/],
    ["naming-columns", "warning", "“public.procs.a”", /text/],
    ["search-path", "warning", "“public.lookup(integer)”", /SET search_path/],
    ["wide-rows", "blocker", "“public.wide”", /^Split/],
    ["bloat", "info", "dead rows", null],
    ["extensions", "blocker", "“pgagent”", /^Drop the extensions/],
    ["extension-versions", "warning", "“pgcrypto 99.10”", /older|update/],
    ["extension-data", "warning", "“public.wide of pgcrypto”", /^Check/],
    ["pg-cron", "warning", "“pgagent”", /^Create the jobs/],
    ["collations", "blocker", "“nowhere-x-icu”", /collations/],
    ["collation-versions", "warning", "“de-x-icu”", /unique index/],
    ["long-transactions", "warning", "idle in transaction", /^Let them finish/],
    ["tablespaces", "warning", "“public.dead”", /disk/],
    ["unlogged-tables", "info", "“public.cache”", null],
    ["large-objects", "info", "holds 1 large objects", null],
    ["materialised-views", "info", "“public.totals”", null],
    ["partitions", "info", "“public.parent”", null],
    ["generated-columns", "info", "“public.parent.g”", null],
    ["circular-keys", "info", "“public.", null],
    ["postfix-operators", "blocker", "“public.!!”", /functions/],
    ["array-aggregates", "blocker", "collect", /anycompatiblearray/],
    ["security-labels", "warning", "“anon”", /^Set them/],
    ["event-triggers", "info", role, null],
    ["foreign-tables", "info", "“public.afar”", null],
    ["foreign-servers", "warning", "“far”", /let the new one in/],
    ["user-mappings", "warning", `“${role}_group at far”`, /user mappings/],
    ["subscriptions", "blocker", `“${role}_on”`, /DISABLE/],
    ["disabled-subscriptions", "warning", `“${role}_off”`, /^Create them/],
    ["publications", "warning", "“pub”", null],
    ["replication-slots", "warning", `“${role}”`, /readers|connect/],
    ["row-security", "info", "“public.rls”", null],
    ["superuser-objects", "blocker", "“public.cheat”, “public.quiet”", /^Drop them/],
    ["invalid-indexes", "warning", "“public.bad”", /REINDEX/],
    ["not-valid-constraints", "info", "“public.checked.checked_a_check”", /VALIDATE/],
    ["other-users", "warning", `“${role}_writer”`, /support/],
    ["read-only-users", "info", `“${role}_reader”`, /support/],
    ["grants", "info", `“${role}_group”`, /roles/],
    ["policies", "warning", "“theirs on public.rls”", /roles/],
    ["other-owners", "info", "“public.of_admin of postgres”", null],
    ["default-privileges", "info", `“${role}_writer”`, /DEFAULT PRIVILEGES/],
    ["role-settings", "info", `“${role}_writer”`, /again/],
    ["settings", "warning", "“force_parallel_mode”", /again/],
    ["fence-by-locks", "warning", "lock timeouts", /superuser/],
    ["password-method", "warning", "MD5", /SCRAM/],
  ] as const)("names %s as a %s", (check, level, named, remedy) => {
    const finding = found[check];
    expect(finding).toMatchObject({ check, level });
    expect(finding?.summary).toContain(named);
    expect(finding?.summary).toMatch(/^[A-Z0-9].*\.$/s);
    if (remedy !== null) expect(finding?.remedy).toMatch(remedy);
  });

  it("is silent about what works, and short about what does not", () => {
    const all = Object.values(found)
      .map(({ summary }) => summary)
      .join("\n");
    for (const harmless of ["nothing_tied", "fine(", "settled("]) expect(all).not.toContain(harmless);
    for (const { summary } of Object.values(found)) expect(summary.length).toBeLessThan(400);
  });
});
