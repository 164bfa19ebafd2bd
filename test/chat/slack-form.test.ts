import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { quoteMove } from "../../src/core/quote.ts";
import { aForm, aMigration, aPlan, planM } from "./makers.ts";
import { type Harness, startHarness, type Transport } from "./slack-harness.ts";

const transports: readonly Transport[] = ["Socket Mode", "HTTP"];

describe.each(transports)("the form over %s", (transport) => {
  let it: Harness;

  beforeEach(async () => {
    it = await startHarness({ transport });
    it.inbound.onSearch = () => [
      {
        id: "addon_orders",
        name: "orders",
        engine: "postgresql",
        engineName: "PostgreSQL",
        version: "15",
        planName: "S",
        zone: "par",
      },
    ];
    it.inbound.onForm = ({ addonId, planId, version }) => {
      if (addonId === undefined) return { kind: "choose-addon" };
      const plan = planId === "pg-m" ? planM : aPlan();
      const selection = { planId: plan.id, version: version ?? "18", zone: "par", strategy: "dump" } as const;
      return { kind: "form", form: aForm({ selection, quote: quoteMove(aPlan(), plan) }) };
    };
  });

  afterEach(async () => {
    expect(it.slack.violations).toEqual([]);
    expect(it.slack.errors).toEqual([]);
    for (const { ms } of it.slack.ackLatencies) expect(ms).toBeLessThan(1000);
    await it.close();
  });

  test("leads from the command to the posted plan, with the price following the choice", async () => {
    const alice = it.slack.user("alice");
    await alice.command("/db migrate");
    const modal = await alice.waitForModal("Which database");
    expect((await modal.suggest("addon", "ord")).map(({ text }) => text)).toEqual([
      "orders · PostgreSQL 15 · S",
    ]);
    await modal.choose("addon", "addon_orders");
    await modal.waitFor("Billing");
    expect(modal.text()).toMatchInlineSnapshot(`
      "Database: orders (addon_orders)
      Now: PostgreSQL 15.18, zone par
      Plan: S: 1 vCPU, 1 GiB memory, 10 GiB disk, 75 connections, 19.50 EUR per month
      Size: 2.5 GiB
      Linked applications: Shop
      New plan: [S · 1 GiB · 10 GiB disk · 19.50 EUR v]
      New version: [18 (18.4) v]
      Strategy: [Copy while read-only v]
      The database is read-only while its data is copied.
      ---
      Billing
      Now: 19.50 EUR per month
      After the migration: 19.50 EUR per month
      Difference: none, the price stays the same
      While both databases exist: 39.00 EUR per month
      Not offered
      • version 14: Version 14 is older than 15. Ask support for a downgrade.
      Nothing starts yet: the database is checked and the plan is posted to this channel, where you confirm it."
    `);
    await modal.choose("version", "15");
    await modal.choose("plan", "pg-m");
    await modal.waitFor("78.50 EUR more per month");
    expect(modal.value("version")).toBe("15 (15.18)");
    expect(await modal.submit()).toEqual({ kind: "updated" });
    await modal.waitFor("The plan is posted");
    expect(it.inbound.submissions[0]).toMatchObject({
      selection: { addonId: "addon_orders", planId: "pg-m", version: "15", strategy: "dump" },
      place: { platform: "slack", workspace: "T0LOCAL", channel: "C0DATABASES" },
      member: { id: alice.id, kind: "member", name: "alice" },
    });
  });

  test("shows a quick refusal at its field", async () => {
    it.inbound.onSubmit = () => ({
      kind: "refused",
      refusal: { code: "plan-full", summary: "Plan S is full.", remedy: "Pick another plan.", field: "plan" },
    });
    const alice = it.slack.user("alice");
    await alice.command("/db migrate orders");
    const modal = await alice.waitForModal("Billing");
    const outcome = await modal.submit();
    expect(outcome).toMatchObject({ kind: "errors" });
    expect(Object.values(modal.errors)).toEqual(["Plan S is full. Pick another plan."]);
  });

  test("acknowledges at once when everything behind it takes seconds", async () => {
    const slow = async <T>(answer: T): Promise<T> => {
      await sleep(2_500);
      return answer;
    };
    it.inbound.onCommand = () => slow({ kind: "open-form", selection: { addonId: "orders" } } as const);
    it.inbound.onSubmit = () => slow({ kind: "posted", migration: aMigration() } as const);
    const alice = it.slack.user("alice");
    await alice.command("/db migrate orders");
    const modal = await alice.waitForModal("Reading the database");
    await modal.waitFor("Billing");
    await modal.submit();
    expect(modal.text()).toContain("Checking the database");
    await modal.waitFor("The plan is posted");
  });

  test("shows the newest choice although the answer to an older one comes last", async () => {
    const answerTo = it.inbound.onForm;
    let release = (): void => undefined;
    const late = new Promise<void>((resolve) => (release = resolve));
    it.inbound.onForm = async (selection) => {
      if (selection.version === "15" && selection.planId === "pg-s") await late;
      return answerTo(selection);
    };
    const alice = it.slack.user("alice");
    await alice.command("/db migrate orders");
    const modal = await alice.waitForModal("Billing");
    await modal.choose("version", "15");
    await modal.choose("plan", "pg-m");
    await modal.waitFor("78.50 EUR more per month");
    release();
    await modal.choose("strategy", "live");
    await modal.waitFor(
      (shown) => it.inbound.selections.length === 4 && shown.text().includes("78.50 EUR more"),
    );
    expect(modal.value("version")).toBe("15 (15.18)");
  });

  test("resets a choice that the new plan does not offer", async () => {
    it.inbound.onForm = ({ planId }) => {
      const [plan, version] = planId === "pg-m" ? [planM, "15"] : [aPlan(), "18"];
      const selection = { planId: plan.id, version, zone: "par", strategy: "dump" } as const;
      return { kind: "form", form: aForm({ selection, quote: quoteMove(aPlan(), plan) }) };
    };
    const alice = it.slack.user("alice");
    await alice.command("/db migrate orders");
    const modal = await alice.waitForModal("Billing");
    expect(modal.value("version")).toBe("18 (18.4)");
    await modal.choose("plan", "pg-m");
    await modal.waitFor("78.50 EUR more per month");
    expect(modal.value("version")).toBe("15 (15.18)");
    expect(modal.value("plan")).toContain("M · 4 GiB");
  });

  test("lists no add-ons while the provider is too slow for Slack, and lists them once it has answered", async () => {
    const answerTo = it.inbound.onSearch;
    it.inbound.onSearch = async (query) => {
      await sleep(2_000);
      return answerTo(query);
    };
    const alice = it.slack.user("alice");
    await alice.command("/db migrate");
    const modal = await alice.waitForModal("Which database");
    expect(await modal.suggest("addon", "ord")).toEqual([]);
    await sleep(1_500);
    expect(await modal.suggest("addon", "ord")).toHaveLength(1);
  });

  test("says in the form that something broke, with the incident ID", async () => {
    it.inbound.onForm = () => Promise.reject(new Error("a defect"));
    const alice = it.slack.user("alice");
    await alice.command("/db migrate orders");
    await alice.waitForModal("inc_i0000000");
  });
});
