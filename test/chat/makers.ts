import type { Addon } from "../../src/core/addon.ts";
import type { MigrationForm } from "../../src/core/form.ts";
import type { Actor } from "../../src/core/member.ts";
import type { Migration, SourceSnapshot } from "../../src/core/migration.ts";
import { money } from "../../src/core/money.ts";
import type { ThreadRef } from "../../src/core/outbox.ts";
import type { Plan } from "../../src/core/plan.ts";
import type { Log } from "../../src/core/ports/log.ts";
import type { PreflightReport } from "../../src/core/preflight.ts";
import type { Proof } from "../../src/core/proof.ts";
import { quoteMove } from "../../src/core/quote.ts";
import type { StepRecord } from "../../src/core/step.ts";
import { ALLOWED, refused } from "../../src/core/verdict.ts";

const GIB = 1024 ** 3;

/** A moment of the afternoon all makers live in. */
export function at(clock: string): Date {
  return new Date(`2026-11-22T${clock}Z`);
}

export const alice: Actor = { platform: "slack", id: "U0ALICE", name: "alice" };
export const bob: Actor = { platform: "slack", id: "U0BOB", name: "bob" };

export function aPlan(change: Partial<Plan> = {}): Plan {
  return {
    id: "pg-s",
    name: "S",
    engine: "postgresql",
    vcpus: 1,
    memoryBytes: GIB,
    diskBytes: 10 * GIB,
    connections: 75,
    shared: false,
    monthlyPrice: money(19.5, "EUR"),
    ...change,
  };
}

export const planM = aPlan({
  id: "pg-m",
  name: "M",
  vcpus: 2,
  memoryBytes: 4 * GIB,
  diskBytes: 40 * GIB,
  connections: 250,
  monthlyPrice: money(98, "EUR"),
});

export function aSource(change: Partial<SourceSnapshot> = {}): SourceSnapshot {
  return {
    addonId: "addon_orders",
    addonName: "orders",
    providerName: "fleet",
    engine: "postgresql",
    engineName: "PostgreSQL",
    version: "15",
    fullVersion: "15.18",
    plan: aPlan(),
    zone: "par",
    usedBytes: 2.5 * GIB,
    ...change,
  };
}

export function aReport(change: Partial<PreflightReport> = {}): PreflightReport {
  return {
    findings: [],
    estimate: { minSeconds: 40, maxSeconds: 90, source: "Measured on 3 past migrations of this fleet." },
    impact: {
      restarts: [{ id: "shop", name: "Shop" }],
      hardCoded: [{ application: { id: "billing", name: "Billing" }, variable: "LEGACY_DB_URL" }],
      readOnlyUsersLost: ["grafana_ro"],
      retentionHours: 72,
    },
    checkedAt: "2026-11-22T14:00:00.000Z",
    ...change,
  };
}

export function aMigration(change: Partial<Migration> = {}): Migration {
  return {
    id: "mig_0123456789abcdef",
    source: aSource(),
    target: { planId: "pg-m", version: "18", zone: "par", strategy: "dump" },
    targetPlan: planM,
    quote: quoteMove(aPlan(), planM),
    preflight: aReport(),
    planHash: "a1b2c3",
    requestedBy: alice,
    platform: "slack",
    state: "awaiting_confirmation",
    desired: "run",
    desiredBy: null,
    confirmedBy: null,
    retryOf: null,
    threadKey: "mig_0123456789abcdef",
    epoch: 0,
    pivotPassed: false,
    readOnlyFrom: null,
    readOnlyUntil: null,
    failure: null,
    proof: null,
    createdAt: at("14:00:00"),
    queuedAt: null,
    startedAt: null,
    finishedAt: null,
    ...change,
  };
}

/** A migration that someone confirmed and a worker has taken. */
export function aRunningMigration(change: Partial<Migration> = {}): Migration {
  return aMigration({
    state: "running",
    confirmedBy: bob,
    queuedAt: at("14:01:00"),
    startedAt: at("14:01:02"),
    ...change,
  });
}

export function aStep(change: Partial<StepRecord> = {}): StepRecord {
  return {
    name: "copy-data",
    title: "Copy the data",
    sequence: 1,
    status: "pending",
    attempt: 1,
    checkpoint: null,
    output: null,
    crashes: 0,
    crashStreak: 0,
    undoingAt: null,
    progress: null,
    waitingFor: null,
    startedAt: null,
    finishedAt: null,
    ...change,
  };
}

export function aProof(change: Partial<Proof> = {}): Proof {
  return {
    tables: 12,
    rows: 1_234_567,
    bytes: 2.5 * GIB,
    hashedTables: 12,
    sequences: 4,
    objects: 57,
    milliseconds: 8_000,
    notVerified: [],
    ...change,
  };
}

function anAddon(change: Partial<Addon> = {}): Addon {
  const { addonId: id, addonName: name, ...facts } = aSource();
  return { id, name, ...facts, linkedApplications: [{ id: "shop", name: "Shop" }], ...change };
}

/** The form for moving `orders` to a plan, with a downgrade refused. */
export function aForm(change: Partial<MigrationForm> = {}): MigrationForm {
  const downgrade = refused({
    code: "version-older",
    summary: "Version 14 is older than 15.",
    remedy: "Ask support for a downgrade.",
  });
  return {
    addon: anAddon(),
    options: {
      plans: [aPlan(), planM].map((value) => ({ value, verdict: ALLOWED })),
      versions: [
        { value: { version: "14", label: "14 (14.20)" }, verdict: downgrade },
        { value: { version: "15", label: "15 (15.18)" }, verdict: ALLOWED },
        { value: { version: "18", label: "18 (18.4)" }, verdict: ALLOWED },
      ],
      zones: [{ value: { id: "par", name: "Paris" }, verdict: ALLOWED }],
      strategies: [
        { value: "dump", verdict: ALLOWED },
        { value: "live", verdict: ALLOWED },
      ],
    },
    selection: { planId: "pg-s", version: "18", zone: "par", strategy: "dump" },
    quote: quoteMove(aPlan(), aPlan()),
    isRefresh: false,
    ...change,
  };
}

export function aThread(change: Partial<ThreadRef> = {}): ThreadRef {
  return {
    key: "mig_0123456789abcdef",
    platform: "slack",
    workspace: "T0LOCAL",
    channel: "C0DATABASES",
    rootId: null,
    ...change,
  };
}

/** A log that keeps its lines. */
export function aLog(): Log & { readonly lines: { level: string; fields: object; event: string }[] } {
  const lines: { level: string; fields: object; event: string }[] = [];
  const write = (level: string) => (fields: object, event: string) =>
    void lines.push({ level, fields, event });
  const log = {
    lines,
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
  };
  return { ...log, child: () => ({ ...log, child: () => aLog() }) };
}
