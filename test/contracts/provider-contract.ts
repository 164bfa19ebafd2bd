import { describe, expect, test } from "vitest";
import type { Addon } from "../../src/core/addon.ts";
import type { Migration } from "../../src/core/migration.ts";
import type { Provider } from "../../src/core/ports/provider.ts";
import { snapshotOf } from "../../src/core/ports/provider.ts";
import type { Target } from "../../src/core/target.ts";
import type { Verdict } from "../../src/core/verdict.ts";
import { compareVersions } from "../../src/core/version.ts";

/** A provider with one add-on that may move to a target. */
export interface ProviderSubject {
  readonly provider: Provider;
  readonly addonId: string;
  readonly target: Target;
  /** Passwords and tokens that nobody may ever see. */
  readonly secrets: readonly string[];
  /** Everything that was logged so far. */
  logged(): readonly string[];
  /** Called after each test. */
  close?(): Promise<void>;
}

const NEVER = new AbortController().signal;
const SENTENCE = /^\S.*[.?!]$/s;

/** What every provider has to do, whoever it is. */
export function describeProviderContract(name: string, makeSubject: () => Promise<ProviderSubject>): void {
  const subjectTest = (title: string, body: (subject: ProviderSubject) => Promise<void>) =>
    test(title, async () => {
      const subject = await makeSubject();
      try {
        await body(subject);
      } finally {
        await subject.provider.close();
        await subject.close?.();
      }
    });

  describe(`${name} as a provider`, () => {
    describeAddons(subjectTest);
    describeOffers(subjectTest);
    describeMigrations(subjectTest);
  });
}

type SubjectTest = (title: string, body: (subject: ProviderSubject) => Promise<void>) => void;

function describeAddons(subjectTest: SubjectTest): void {
  subjectTest("lists an add-on as it shows it", async ({ provider, addonId }) => {
    const summary = (await provider.listAddons(NEVER)).find(({ id }) => id === addonId);
    const addon = await provider.getAddon(addonId, NEVER);
    expect(summary).toEqual({
      id: addonId,
      name: addon?.name,
      engine: addon?.engine,
      engineName: addon?.engineName,
      version: addon?.version,
      planName: addon?.plan.name,
      zone: addon?.zone,
    });
    expect(addon).toMatchObject({ providerName: provider.name, usedBytes: expect.any(Number) });
  });

  subjectTest("knows no other add-on", async ({ provider }) => {
    expect(await provider.getAddon("addon_of_nobody", NEVER)).toBeUndefined();
  });

  subjectTest("tells no secret in what it answers and logs", async (subject) => {
    const { provider, target, secrets } = subject;
    const addon = await readAddon(subject);
    const answers = [
      addon,
      await provider.listAddons(NEVER),
      await provider.options(addon, target.planId, NEVER),
      await provider.preflight(addon, target, NEVER),
      await provider.diagnose(NEVER),
    ];
    const told = JSON.stringify([answers, subject.logged()]);
    expect(secrets.length).toBeGreaterThan(0);
    expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
  });

  subjectTest("stops when it is told to", async ({ provider, addonId }) => {
    const reason = new Error("enough");
    await expect(provider.listAddons(AbortSignal.abort(reason))).rejects.toBe(reason);
    await expect(provider.getAddon(addonId, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  subjectTest("says of everything it depends on whether it is well", async ({ provider }) => {
    for (const { subject, ok, detail, remedy } of await provider.diagnose(NEVER)) {
      expect(subject.length * detail.length).toBeGreaterThan(0);
      if (!ok) expect(remedy).toMatch(SENTENCE);
    }
  });
}

function describeOffers(subjectTest: SubjectTest): void {
  subjectTest("offers a refresh: the plan, the version and the zone that the add-on has", async (subject) => {
    const addon = await readAddon(subject);
    const options = await subject.provider.options(addon, undefined, NEVER);
    expect(options.plans.find(({ value }) => value.id === addon.plan.id)?.verdict.allowed).toBe(true);
    expect(options.versions.find(({ value }) => value.version === addon.version)?.verdict.allowed).toBe(true);
    expect(options.zones.find(({ value }) => value.id === addon.zone)?.verdict.allowed).toBe(true);
    expect(options.strategies.some(({ verdict }) => verdict.allowed)).toBe(true);
  });

  subjectTest("offers each version once, newest first, and never an older one", async (subject) => {
    const addon = await readAddon(subject);
    const { versions } = await subject.provider.options(addon, undefined, NEVER);
    const numbers = versions.map(({ value }) => value.version);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => compareVersions(b, a)));
    for (const { value, verdict } of versions)
      expect(verdict.allowed).toBe(compareVersions(value.version, addon.version) >= 0);
  });

  subjectTest("gives a reason and a remedy for everything it refuses", async (subject) => {
    const addon = await readAddon(subject);
    const { plans, versions, zones, strategies } = await subject.provider.options(addon, undefined, NEVER);
    for (const { verdict } of [...plans, ...versions, ...zones, ...strategies]) expectReason(verdict);
  });

  subjectTest("quotes the old price, the new one, and their difference", async (subject) => {
    const addon = await readAddon(subject);
    const plan = await targetPlan(subject, addon);
    const quote = await subject.provider.quote(addon, plan, subject.target);
    expect(quote.before).toEqual(addon.plan.monthlyPrice);
    expect(quote.after).toEqual(plan.monthlyPrice);
    expect(quote.difference.minorUnits).toBe(quote.after.minorUnits - quote.before.minorUnits);
  });

  subjectTest(
    "offers its target, and what it offers for a plan is of that plan's engine",
    async (subject) => {
      const addon = await readAddon(subject);
      const { target } = subject;
      const { plans, versions, zones } = await subject.provider.options(addon, target.planId, NEVER);
      expect(plans.find(({ value }) => value.id === target.planId)?.verdict.allowed).toBe(true);
      expect(versions.find(({ value }) => value.version === target.version)?.verdict.allowed).toBe(true);
      expect(zones.find(({ value }) => value.id === target.zone)?.verdict.allowed).toBe(true);
      expect(new Set(plans.map(({ value }) => value.engine))).toEqual(new Set([addon.engine]));
    },
  );

  subjectTest("finds nothing that blocks a migration to its target", async (subject) => {
    const addon = await readAddon(subject);
    const report = await subject.provider.preflight(addon, subject.target, NEVER);
    expect(report.findings.filter(({ level }) => level === "blocker")).toEqual([]);
    expect(report.estimate.minSeconds).toBeLessThanOrEqual(report.estimate.maxSeconds);
    expect(report.estimate.source).toMatch(SENTENCE);
    expect(new Date(report.checkedAt).toISOString()).toBe(report.checkedAt);
    for (const { summary } of report.findings) expect(summary).toMatch(SENTENCE);
  });

  subjectTest("blocks a version that nobody runs, and says what to do", async (subject) => {
    const target = { ...subject.target, version: "9999" };
    const report = await subject.provider.preflight(await readAddon(subject), target, NEVER);
    const blocker = report.findings.find(({ level }) => level === "blocker");
    expect(blocker?.remedy).toMatch(SENTENCE);
  });
}

function describeMigrations(subjectTest: SubjectTest): void {
  subjectTest("has the same steps in every process, one of them the pivot", async (subject) => {
    const migration = await aMigration(subject);
    const steps = subject.provider.steps(migration);
    const names = steps.map(({ name }) => name);
    expect(subject.provider.steps(migration).map(({ name }) => name)).toEqual(names);
    expect(new Set(names).size).toBe(names.length);
    expect(steps.filter(({ pivot }) => pivot)).toHaveLength(1);
    for (const { timeoutMs, title } of steps) {
      expect(timeoutMs).toBeGreaterThan(0);
      // Longer timers fire at once (Node.js, "setTimeout").
      expect(timeoutMs).toBeLessThan(2 ** 31);
      expect(title).not.toMatch(/\.$/);
    }
  });

  subjectTest("gives each step a title of its own and a name fit for a key", async (subject) => {
    const steps = subject.provider.steps(await aMigration(subject));
    expect(new Set(steps.map(({ title }) => title)).size).toBe(steps.length);
    for (const { name } of steps) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  subjectTest("undoes nothing from the pivot on", async (subject) => {
    const steps = subject.provider.steps(await aMigration(subject));
    const pivot = steps.findIndex(({ pivot }) => pivot);
    expect(steps.slice(pivot).filter((step) => step.undo !== undefined)).toEqual([]);
  });

  subjectTest("tells nothing of a migration that did not run", async (subject) => {
    const outcome = await subject.provider.outcome(await aMigration(subject));
    expect(outcome).toEqual({ applications: [], variables: [], oldKeptUntil: null });
  });

  subjectTest("has nothing to sweep when nothing was migrated", async ({ provider }) => {
    expect(await provider.sweep(new Date(), NEVER)).toEqual([]);
  });
}

async function readAddon({ provider, addonId }: ProviderSubject): Promise<Addon> {
  const addon = await provider.getAddon(addonId, NEVER);
  if (addon === undefined) throw new Error(`the provider does not know ${addonId}`);
  return addon;
}

async function targetPlan({ provider, target }: ProviderSubject, addon: Addon) {
  const { plans } = await provider.options(addon, target.planId, NEVER);
  const plan = plans.find(({ value }) => value.id === target.planId)?.value;
  if (plan === undefined) throw new Error(`the provider does not offer ${target.planId}`);
  return plan;
}

/** As far as a provider looks at it before it runs. */
async function aMigration(subject: ProviderSubject): Promise<Migration> {
  const addon = await readAddon(subject);
  const targetPlanFacts = await targetPlan(subject, addon);
  const facts = { id: "mig_contract00000000", source: snapshotOf(addon), target: subject.target };
  return { ...facts, targetPlan: targetPlanFacts } as Migration;
}

function expectReason(verdict: Verdict): void {
  if (verdict.allowed) return;
  expect(verdict.refusal.code).toMatch(/^[a-z][a-z0-9-]+$/);
  expect(verdict.refusal.summary).toMatch(SENTENCE);
  expect(verdict.refusal.remedy).toMatch(SENTENCE);
}
