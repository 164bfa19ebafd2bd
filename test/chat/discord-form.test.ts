import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bits } from "../../playground/discord/permissions.ts";
import { notAtHome } from "../../src/chat/discord/channel-rights.ts";
import { money } from "../../src/core/money.ts";
import { ALLOWED } from "../../src/core/verdict.ts";
import { type Harness, startHarness } from "./discord-harness.ts";
import { aForm, aPlan, planM } from "./makers.ts";

let it: Harness;
const refusal = { code: "busy", summary: "orders is being migrated.", remedy: "Wait until it is done." };

function anAddon(index: number) {
  const common = {
    engine: "postgresql",
    engineName: "PostgreSQL",
    version: "15",
    planName: "S",
    zone: "par",
  };
  return { id: `addon_${index}`, name: `orders ${index}`, ...common };
}

async function slow<T>(answer: T, ms: number): Promise<T> {
  await sleep(ms);
  return answer;
}

beforeEach(async () => {
  it = await startHarness();
});

afterEach(async () => {
  expect(it.discord.violations).toEqual([]);
  expect(it.discord.errors).toEqual([]);
  for (const { ms } of it.discord.ackLatencies) expect(ms).toBeLessThan(1000);
  await it.close();
});

describe("the form in Discord", () => {
  test("leads from the command to the posted plan", async () => {
    const alice = it.discord.user("alice");
    await alice.command("/db migrate addon:orders plan:pg-m");
    const modal = await alice.waitForModal("Migrate a database");
    expect(modal.labels()).toEqual(["New plan", "New version", "Strategy"]);
    expect(modal.text()).toContain("Now: PostgreSQL 15.18, zone par");
    expect(modal.text()).toContain("version 14: Version 14 is older than 15.");
    expect(modal.text()).toContain("Nothing starts yet");
    expect(modal.options("New plan")).toMatchObject([
      { label: "S · 1 GiB · 10 GiB disk · 19.50 EUR", description: "The plan as it is now" },
      { label: "M · 4 GiB · 40 GiB disk · 98.00 EUR", description: "78.50 EUR more per month" },
    ]);
    expect(it.inbound.invocations[0]?.options).toEqual({ addon: "orders", plan: "pg-m" });
    await modal.choose("New plan", "pg-m");
    await modal.choose("New version", "15 (15.18)");
    it.inbound.onRoot = () => ({ kind: "sent", link: "https://discord.com/channels/1/2/3" });
    await modal.submit();
    const told = await alice.waitForEphemeral("The plan is posted in #databases: open the plan");
    expect(told.text()).toContain("https://discord.com/channels/1/2/3");
    expect(it.inbound.submissions).toMatchObject([
      {
        selection: { addonId: "addon_orders", planId: "pg-m", version: "15", strategy: "dump" },
        place: { platform: "discord", workspace: it.discord.guildId },
        member: { id: alice.id, kind: "member", name: "Alice Martin" },
      },
    ]);
  });

  test("asks which add-on, and opens for the chosen one with what was typed", async () => {
    it.inbound.onSearch = () => Array.from({ length: 30 }, (_, index) => anAddon(index));
    const alice = it.discord.user("alice");
    await alice.command("/db migrate");
    const asked = await alice.waitForEphemeral("Which database");
    expect(asked.text()).toContain("5 more: type part of a name");
    await alice.choose(asked, "Which database do you want to migrate?", "addon_7");
    await alice.waitForModal("Database: orders");
    expect(it.inbound.selections.at(-1)).toEqual({ addonId: "addon_7" });
  });

  test("comes with a button when it is late, and the button opens what was filled meanwhile", async () => {
    it.inbound.onForm = () => slow({ kind: "form", form: aForm() } as const, 1_500);
    const alice = it.discord.user("alice");
    await alice.command("/db migrate addon:orders");
    const ready = await alice.waitForEphemeral("The form for orders is ready.");
    expect(alice.modals).toEqual([]);
    await alice.click(ready, "Open the form");
    await (await alice.waitForModal("New plan")).submit();
    await alice.waitForEphemeral("The plan is posted");
  });

  test("that comes late and is refused is told in words", async () => {
    it.inbound.onForm = () => slow({ kind: "refused", refusal } as const, 1_000);
    const bob = it.discord.user("bob");
    await bob.command("/db migrate addon:orders");
    await bob.waitForEphemeral("orders is being migrated. Wait until it is done.");
  });

  test("is refused in words, and an unknown add-on asks for another", async () => {
    const alice = it.discord.user("alice");
    it.inbound.onForm = () => ({ kind: "refused", refusal });
    await alice.command("/db migrate addon:orders");
    await alice.waitForEphemeral("orders is being migrated.");
    it.inbound.onForm = () => ({ kind: "refused", refusal: { ...refusal, field: "addon" } });
    it.inbound.onSearch = () => [anAddon(1)];
    await alice.command("/db migrate addon:ordrs");
    await alice.waitForEphemeral("Which database do you want to migrate?");
  });

  test("comes back with the earlier answers after a refusal", async () => {
    it.inbound.onSubmit = () => ({ kind: "refused", refusal: { ...refusal, field: "plan" } });
    it.inbound.onForm = ({ planId, version }) => {
      const chosen = { planId: planId ?? "pg-s", version: version ?? "18" };
      return { kind: "form", form: aForm({ selection: { ...chosen, zone: "par", strategy: "dump" } }) };
    };
    const alice = it.discord.user("alice");
    await alice.command("/db migrate addon:orders");
    const modal = await alice.waitForModal("New plan");
    await modal.choose("New plan", "pg-m");
    await modal.choose("New version", "15");
    await modal.submit();
    await alice.click(await alice.waitForEphemeral("orders is being migrated."), "Edit");
    const again = await alice.waitForModal("New plan");
    expect(again.value("New plan")).toEqual(["pg-m"]);
    expect(again.value("New version")).toEqual(["15"]);
  });

  test("offers the nearest of many plans and names where all are", async () => {
    const plans = Array.from({ length: 200 }, (_, index) =>
      aPlan({ id: `p${index}`, name: `P${index}`, monthlyPrice: money(index, "EUR") }),
    ).map((value) => ({ value, verdict: ALLOWED }));
    const { options, selection } = aForm();
    it.inbound.onForm = () => ({
      kind: "form",
      form: aForm({ options: { ...options, plans }, selection: { ...selection, planId: "p100" } }),
    });
    const alice = it.discord.user("alice");
    await alice.command("/db migrate addon:orders");
    const modal = await alice.waitForModal("25 of 200 plans are listed");
    const values = modal.options("New plan").map(({ value }) => value);
    expect(values).toHaveLength(25);
    expect(values).toContain("p100");
    expect(values).not.toContain("p0");
    expect(modal.value("New plan")).toEqual(["p100"]);
  });

  test("says what nothing can be chosen for", async () => {
    const { options } = aForm();
    it.inbound.onForm = () => ({ kind: "form", form: aForm({ options: { ...options, plans: [] } }) });
    const alice = it.discord.user("alice");
    await alice.command("/db migrate addon:orders");
    await alice.waitForEphemeral("Nothing can be chosen for this database now.");
  });

  test("says that something broke, with the incident ID", async () => {
    it.inbound.onForm = () => Promise.reject(new Error("a defect"));
    await it.discord.user("alice").command("/db migrate addon:orders");
    await it.discord.user("alice").waitForEphemeral("inc_i0000000");
  });

  test("is not opened where Godwit lacks permissions, and names them", async () => {
    it.discord.grantPermissions(
      bits("viewChannel", "sendMessages", "readMessageHistory", "sendMessagesInThreads"),
    );
    const alice = it.discord.user("alice");
    await alice.command("/db migrate addon:orders");
    const told = await alice.waitForEphemeral("Godwit cannot work in this channel yet");
    expect(told.text()).toContain("it lacks Create Public Threads and Attach Files.");
    expect(it.inbound.invocations).toEqual([]);
  });

  test("a channel that refuses the plan is explained, and takes the same choices again", async () => {
    it.inbound.onRoot = () => ({ kind: "refused", code: "50013" });
    const alice = it.discord.user("alice");
    await alice.command("/db migrate addon:orders");
    await (await alice.waitForModal("New plan")).submit();
    const told = await alice.waitForEphemeral("Let its role view the channel");
    it.inbound.onRoot = () => ({ kind: "sent", link: null });
    await alice.click(told, "Try again");
    await alice.waitForEphemeral("The plan is posted");
    const [first, second] = it.inbound.submissions;
    expect(second?.selection).toEqual(first?.selection);
    expect(second?.deliveryId).not.toBe(first?.deliveryId);
  });

  test("is acknowledged at once when everything behind it takes seconds", async () => {
    it.inbound.onSubmit = () => slow({ kind: "refused", refusal } as const, 2_500);
    const alice = it.discord.user("alice");
    await alice.command("/db migrate addon:orders");
    await (await alice.waitForModal("New plan")).submit();
    await alice.waitForEphemeral("orders is being migrated.");
  });

  test("is for the channels of the server that Godwit serves", () => {
    expect(notAtHome({ guildId: null }, undefined)?.summary).toContain("not in direct messages");
    expect(notAtHome({ guildId: "2" }, "1")?.summary).toContain("serves another server");
    expect(notAtHome({ guildId: "2" }, undefined)).toBeNull();
  });
});

describe("suggestions in Discord", () => {
  test("name add-ons with version and plan, and prefetch the form of the only one", async () => {
    it.inbound.onSearch = (query) => [anAddon(1), anAddon(2)].filter(({ name }) => name.includes(query));
    const alice = it.discord.user("alice");
    const at = { option: "addon" };
    expect(await alice.autocomplete("/db migrate addon:orders 2", at)).toEqual([
      { name: "orders 2 · PostgreSQL 15 · S", value: "addon_2" },
    ]);
    await expect.poll(() => it.inbound.selections).toEqual([{ addonId: "addon_2" }]);
  });

  test("hold 25 of many, and none for people without the right", async () => {
    it.inbound.onSearch = () => Array.from({ length: 200 }, (_, index) => anAddon(index));
    expect(
      await it.discord.user("alice").autocomplete("/db migrate addon:o", { option: "addon" }),
    ).toHaveLength(25);
    it.inbound.onSearch = () => [];
    expect(await it.discord.user("gina").autocomplete("/db migrate addon:o", { option: "addon" })).toEqual(
      [],
    );
    expect(it.inbound.members.at(-1)).toMatchObject({ kind: "guest" });
  });

  test("offer only plans and versions that are allowed and fit what is typed", async () => {
    const alice = it.discord.user("alice");
    expect(await alice.autocomplete("/db migrate addon:orders plan:m", { option: "plan" })).toEqual([
      { name: "M · 4 GiB · 40 GiB disk · 98.00 EUR", value: planM.id },
    ]);
    expect(await alice.autocomplete("/db migrate addon:orders version:1", { option: "version" })).toEqual([
      { name: "15 (15.18)", value: "15" },
      { name: "18 (18.4)", value: "18" },
    ]);
    expect(it.inbound.selections).toEqual([{ addonId: "orders" }]);
  });

  test("are empty rather than late or broken", async () => {
    const alice = it.discord.user("alice");
    it.inbound.onSearch = () => Promise.reject(new Error("a defect"));
    expect(await alice.autocomplete("/db migrate addon:x", { option: "addon" })).toEqual([]);
    it.inbound.onSearch = () => slow([anAddon(1)], 1_500);
    expect(await alice.autocomplete("/db migrate addon:y", { option: "addon" })).toEqual([]);
  });
});
