import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Answer } from "../../src/core/answer.ts";
import { type Harness, SUPPORT_ROLE, startHarness } from "./discord-harness.ts";
import { aMigration, aRunningMigration } from "./makers.ts";

const refusal = { code: "busy", summary: "orders is being migrated.", remedy: "Wait until it is done." };
const help: Answer = {
  kind: "help",
  commands: [{ name: "list", options: [], description: "Show the databases", opensForm: false }],
  unknown: null,
};

describe("people's actions in Discord", () => {
  let it: Harness;

  beforeEach(async () => {
    it = await startHarness();
  });

  afterEach(async () => {
    expect(it.discord.violations).toEqual([]);
    for (const { ms, acked } of it.discord.ackLatencies) if (acked) expect(ms).toBeLessThan(1000);
    await it.close();
  });

  async function postPlan() {
    const news = { kind: "confirmation", migration: aMigration(), confirmable: true } as const;
    await it.chat.post(it.thread(), news, "n1");
    return it.discord.channel("#databases").waitFor("Migrate orders");
  }

  test("a command is answered for the person alone", async () => {
    it.inbound.onCommand = () => help;
    const alice = it.discord.user("alice");
    await alice.command("/db help");
    await alice.waitForEphemeral("/db list: Show the databases.");
    expect(it.inbound.invocations).toMatchObject([{ name: "help", options: {} }]);
    expect(it.discord.channel("#databases").messages()).toEqual([]);
  });

  test("a slow command is acknowledged at once and answered later", async () => {
    it.inbound.onCommand = async () => {
      await sleep(3_500);
      return { kind: "status", running: [] };
    };
    const alice = it.discord.user("alice");
    await alice.command("/db status");
    await alice.waitForEphemeral("No migration is running.", { timeoutMs: 8_000 });
  });

  test("a button with a dialog asks once more, and carries the migration and the plan's hash", async () => {
    const bob = it.discord.user("bob");
    await bob.click(await postPlan(), "Migrate the database");
    const asked = await bob.waitForEphemeral("Migrate the database?");
    expect(asked.text()).toContain("orders is read-only for about 40 to 90 s");
    expect(asked.buttons()).toEqual(["Migrate", "Not yet"]);
    expect(it.inbound.presses).toEqual([]);
    await bob.click(asked, "Migrate");
    await bob.waitForEphemeral("The migration of orders is confirmed.");
    expect(asked.buttons()).toEqual([]);
    expect(it.inbound.presses).toMatchObject([
      { action: "confirm", migrationId: "mig_0123456789abcdef", planHash: "a1b2c3", member: { id: bob.id } },
    ]);
    expect(it.inbound.considered).toMatchObject([{ action: "confirm", planHash: "a1b2c3" }]);
  });

  test("a hash of full length fits into the dialog's buttons", async () => {
    const migration = aMigration({ planHash: "f".repeat(64) });
    await it.chat.post(it.thread(), { kind: "confirmation", migration, confirmable: true }, "n1");
    const bob = it.discord.user("bob");
    await bob.click(await it.discord.channel("#databases").waitFor("Migrate orders"), "Migrate the database");
    await bob.click(await bob.waitForEphemeral("Migrate the database?"), "Migrate");
    await expect.poll(() => it.inbound.presses[0]?.planHash).toBe("f".repeat(64));
  });

  test("not yet does nothing", async () => {
    const bob = it.discord.user("bob");
    await bob.click(await postPlan(), "Migrate the database");
    const asked = await bob.waitForEphemeral("Migrate the database?");
    await bob.click(asked, "Not yet");
    await asked.waitFor("Nothing was done.");
    expect(asked.buttons()).toEqual([]);
    expect(it.inbound.presses).toEqual([]);
  });

  test("a button that has lost its meaning says so instead of asking", async () => {
    it.inbound.onConsider = () => ({ kind: "refused", refusal });
    const bob = it.discord.user("bob");
    await bob.click(await postPlan(), "Migrate the database");
    await bob.waitForEphemeral("orders is being migrated. Wait until it is done.");
    expect(it.inbound.presses).toEqual([]);
  });

  test("a button without a dialog acts at once and says nothing more", async () => {
    it.inbound.onPress = () => ({ kind: "cancelled", migration: aMigration() });
    const bob = it.discord.user("bob");
    await bob.click(await postPlan(), "Cancel");
    await expect.poll(() => it.inbound.presses.length).toBe(1);
    expect(bob.ephemerals).toEqual([]);
  });

  test("a refused press is explained to the presser alone", async () => {
    it.inbound.onPress = () => ({ kind: "refused", refusal });
    const bob = it.discord.user("bob");
    await bob.click(await postPlan(), "Cancel");
    await bob.waitForEphemeral("orders is being migrated. Wait until it is done.");
    expect(it.discord.user("alice").ephemerals).toEqual([]);
  });

  test("a failed migration asks before it is tried again from the beginning, not from its step", async () => {
    const failure = { code: "x", step: "check", summary: "It broke.", remedy: "Look.", detail: "" };
    const news = { kind: "failed", stepTitle: "Check", stepNumber: 1, stepCount: 2, failure } as const;
    const rest = { source: "untouched", isOpen: true, steps: [] } as const;
    const migration = aRunningMigration({ state: "rolled_back" });
    it.inbound.onConsider = () => ({ kind: "possible", migration, redo: [] });
    await it.chat.post(it.thread(), { ...news, ...rest, migration }, "n1");
    const sam = it.discord.user("sam");
    await sam.click(await it.discord.channel("#databases").waitFor("failed at step 1"), "Try again");
    await sam.click(await sam.waitForEphemeral("Try the migration again?"), "Try again");
    await expect.poll(() => it.inbound.presses[0]?.action).toBe("retry");
  });

  test("two presses are two deliveries", async () => {
    const [bob, plan] = [it.discord.user("bob"), await postPlan()];
    await bob.click(plan, "Cancel");
    await bob.click(plan, "Cancel");
    await expect.poll(() => new Set(it.inbound.presses.map(({ deliveryId }) => deliveryId)).size).toBe(2);
  });

  test("a defect is told with an incident ID that the log holds once", async () => {
    it.inbound.onPress = () => Promise.reject(new Error("a defect"));
    const bob = it.discord.user("bob");
    await bob.click(await postPlan(), "Cancel");
    await bob.waitForEphemeral("inc_i0000000");
    const errors = it.log.lines.filter(({ level }) => level === "error");
    expect(errors.map(({ fields }) => fields)).toMatchObject([{ incidentId: "inc_i0000000" }]);
  });

  test("what cannot be acknowledged has no effect", async () => {
    const plan = await postPlan();
    for (const code of [10_062, 40_060])
      it.discord.faults.next("POST /interactions/{interaction}/{token}/callback", { status: 404, code });
    await it.discord.user("bob").click(plan, "Cancel");
    await it.discord.user("bob").click(plan, "Migrate the database");
    expect(it.inbound.presses).toEqual([]);
    expect(it.inbound.considered).toEqual([]);
    expect(it.log.lines.filter(({ event }) => event === "interaction was over")).toHaveLength(2);
  });

  test("an answer that comes after the token has died is only logged", async () => {
    it.discord.faults.next("PATCH /webhooks/{application}/{token}/messages/{message}", {
      status: 401,
      code: 50_027,
    });
    it.inbound.onCommand = () => help;
    await it.discord.user("alice").command("/db help");
    await expect
      .poll(() => it.log.lines.some(({ event }) => event === "answer came too late to be shown"))
      .toBe(true);
    expect(it.log.lines.filter(({ event }) => event === "given up")).toEqual([]);
  });
});

describe("who someone is in Discord", () => {
  let it: Harness;

  afterEach(async () => {
    expect(it.discord.violations).toEqual([]);
    await it.close();
  });

  async function memberWho(name: string) {
    it.inbound.onCommand = () => help;
    await it.discord.user(name).command("/db help");
    await expect.poll(() => it.inbound.members.at(-1)?.id).toBe(it.discord.user(name).id);
    return it.inbound.members.at(-1);
  }

  test("is told by the action itself, with the roles that the policy asks for", async () => {
    it = await startHarness({ policy: { users: [], groups: [SUPPORT_ROLE] } });
    expect(await memberWho("sam")).toMatchObject({
      kind: "member",
      groups: [SUPPORT_ROLE],
      name: "Sam Support",
    });
    expect(await memberWho("alice")).toMatchObject({ kind: "member", groups: [] });
    expect(await memberWho("gina")).toMatchObject({ kind: "guest", workspace: it.discord.guildId });
  });

  test("counts people of a server that Godwit does not serve as external, and suggests nothing there", async () => {
    it = await startHarness();
    await it.chat.stop();
    const elsewhere = await startHarness({ settings: { guildId: "300000000000000009" } });
    const { createDiscordChat } = await import("../../src/chat/discord/index.ts");
    const { chatDependencies } = await import("./scripted-inbound.ts");
    const { settingsFor } = await import("./discord-harness.ts");
    await createDiscordChat(settingsFor(elsewhere.discord), chatDependencies(it.log)).deployCommands();
    elsewhere.inbound.onSearch = () => [
      { id: "a", name: "a", engine: "x", engineName: "X", version: "1", planName: "S", zone: "par" },
    ];
    const alice = elsewhere.discord.user("alice");
    expect(await alice.autocomplete("/db migrate addon:a", { option: "addon" })).toEqual([]);
    await alice.command("/db migrate addon:a");
    await alice.waitForEphemeral("Godwit serves another server");
    elsewhere.inbound.onCommand = () => help;
    await alice.command("/db help");
    await expect.poll(() => elsewhere.inbound.members.map(({ kind }) => kind)).toEqual(["external"]);
    await elsewhere.close();
  });
});
