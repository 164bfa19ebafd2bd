import type { Notification } from "../../src/core/notification.ts";
import type { Finding } from "../../src/core/preflight.ts";
import { alice, aPlan, aProof, aReport, aRunningMigration, aSource, aStep, at } from "./makers.ts";

/** Everything that marks text up or mentions people, on any platform, and far too long. */
export const HOSTILE = `<!channel> <@U0BOB> <@200000000000000002> <@&100000000000000001> <#1> <t:0:R> @everyone @here # x\n# h\n- l\n> q [a](https://evil.example) ||s|| *b* _i_ \`c\` & </x> \u202e\u0000evil\ud800 ${"🐦".repeat(5_000)}`;
const finding: Finding = { check: HOSTILE, level: "blocker", summary: HOSTILE, remedy: HOSTILE };
const many = Array.from({ length: 120 }, () => finding);
const applications = Array.from({ length: 90 }, (_, index) => ({ id: `app${index}`, name: HOSTILE }));
const migration = aRunningMigration({
  state: "needs_support",
  source: aSource({
    addonId: HOSTILE,
    addonName: HOSTILE,
    engineName: HOSTILE,
    fullVersion: HOSTILE,
    plan: aPlan({ name: HOSTILE }),
    zone: HOSTILE,
  }),
  requestedBy: { ...alice, platform: "discord", name: HOSTILE },
  proof: aProof({ notVerified: Array.from({ length: 200 }, () => HOSTILE) }),
  preflight: aReport({
    findings: many,
    estimate: { minSeconds: 1, maxSeconds: 2, source: HOSTILE },
    impact: {
      restarts: applications,
      hardCoded: applications.map((application) => ({ application, variable: HOSTILE })),
      readOnlyUsersLost: applications.map(({ name }) => name),
      retentionHours: 72,
    },
  }),
});
const steps = Array.from({ length: 60 }, (_, index) =>
  aStep({
    name: `step${index}`,
    title: HOSTILE,
    sequence: index,
    status: "running",
    waitingFor: HOSTILE,
    progress: { label: HOSTILE },
  }),
);
/** Long and hostile in every field. */
export const hostileNews: readonly Notification[] = [
  { kind: "confirmation", migration: { ...migration, state: "awaiting_confirmation" }, confirmable: true },
  { kind: "progress", migration, steps, at: at("14:00:00") },
  { kind: "read-only-began", migration },
  {
    kind: "succeeded",
    migration,
    applications: applications.map(({ name }) => ({ name, connectedAt: null, problem: HOSTILE })),
    variables: applications.map(({ name }) => name),
    steps: [],
    oldKeptUntil: at("15:00:00"),
  },
  {
    kind: "failed",
    migration,
    stepTitle: HOSTILE,
    stepNumber: 1,
    stepCount: 2,
    failure: { code: HOSTILE, step: HOSTILE, summary: HOSTILE, remedy: HOSTILE, detail: HOSTILE },
    source: "unknown",
    steps: [],
    isOpen: true,
  },
  { kind: "recheck", migration, findings: many },
  { kind: "retrying", migration, by: { ...alice, platform: "cli", name: HOSTILE }, redo: [HOSTILE] },
];
