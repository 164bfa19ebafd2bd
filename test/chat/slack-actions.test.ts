import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { aMigration, aRunningMigration, aThread } from "./makers.ts";
import { type Harness, startHarness, type Transport } from "./slack-harness.ts";

const transports: readonly Transport[] = ["Socket Mode", "HTTP"];
const refusal = { code: "busy", summary: "orders is being migrated.", remedy: "Wait until it is done." };

describe.each(transports)("people's actions over %s", (transport) => {
  let it: Harness;

  beforeEach(async () => {
    it = await startHarness({ transport });
  });

  afterEach(async () => {
    expect(it.slack.violations).toEqual([]);
    expect(it.slack.errors).toEqual([]);
    for (const { ms } of it.slack.ackLatencies) expect(ms).toBeLessThan(1000);
    await it.close();
  });

  async function postPlan() {
    await it.chat.post(aThread(), { kind: "confirmation", migration: aMigration(), confirmable: true }, "n1");
    return it.slack.channel("#databases").waitFor("Migrate orders");
  }

  test("a command is answered for the person alone, and no words mean help", async () => {
    it.inbound.onCommand = ({ name }) => ({
      kind: "help",
      commands: [{ name: "list", options: [], description: "Show the databases", opensForm: false }],
      unknown: name === "help" ? null : name,
    });
    const alice = it.slack.user("alice");
    await alice.command("/db");
    await alice.waitForEphemeral("/db list: Show the databases.");
    await alice.command("/db Frobnicate <now> & then");
    await alice.waitForEphemeral("There is no subcommand frobnicate.");
    expect(it.inbound.invocations[1]).toMatchObject({ name: "frobnicate", options: {} });
    expect(it.slack.channel("#databases").messages()).toEqual([]);
  });

  test("a slow command is acknowledged at once and answered later", async () => {
    it.inbound.onCommand = async () => {
      await sleep(5_000);
      return { kind: "status", running: [] };
    };
    const alice = it.slack.user("alice");
    expect(await alice.command("/db status")).toMatchObject({ acked: true });
    await alice.waitForEphemeral("No migration is running.", { timeoutMs: 8_000 });
  });

  test("confirm carries the migration and the plan's hash, and says nothing more", async () => {
    const bob = it.slack.user("bob");
    await bob.click(await postPlan(), "Migrate the database", { confirm: true });
    await expect.poll(() => it.inbound.presses.length).toBe(1);
    expect(it.inbound.presses[0]).toMatchObject({
      action: "confirm",
      migrationId: "mig_0123456789abcdef",
      planHash: "a1b2c3",
      member: { id: bob.id, kind: "member" },
    });
    expect(bob.ephemerals).toEqual([]);
  });

  test("a refused press is explained to the presser alone", async () => {
    it.inbound.onPress = () => ({ kind: "refused", refusal });
    const bob = it.slack.user("bob");
    await bob.click(await postPlan(), "Cancel");
    await bob.waitForEphemeral("orders is being migrated. Wait until it is done.");
    expect(it.slack.user("alice").ephemerals).toEqual([]);
  });

  test("two presses are two deliveries", async () => {
    const [bob, plan] = [it.slack.user("bob"), await postPlan()];
    await bob.click(plan, "Cancel");
    await bob.click(plan, "Cancel");
    await expect.poll(() => it.inbound.presses.length).toBe(2);
    expect(new Set(it.inbound.presses.map(({ deliveryId }) => deliveryId)).size).toBe(2);
  });

  test("a defect is told with an incident ID that the log holds once", async () => {
    it.inbound.onPress = () => Promise.reject(new Error("a defect"));
    const bob = it.slack.user("bob");
    await bob.click(await postPlan(), "Cancel");
    const told = await bob.waitForEphemeral("incident ID");
    const errors = it.log.lines.filter(({ level }) => level === "error");
    expect(errors.map(({ fields }) => fields)).toMatchObject([{ incidentId: "inc_i0000000" }]);
    expect(told.text()).toContain("inc_i0000000");
  });

  test("a channel without the bot is explained in the form, which posts again once it is invited", async () => {
    it.inbound.onRoot = () => ({ kind: "refused", code: "not_in_channel" });
    const alice = it.slack.user("alice");
    await alice.command("/db migrate orders");
    const modal = await alice.waitForModal("Billing");
    await modal.submit();
    await modal.waitFor("/invite @Godwit");
    it.inbound.onRoot = () => ({ kind: "sent", link: "https://local.slack.com/archives/C0DATABASES/p1" });
    await modal.click("Try again");
    await modal.waitFor("open the plan");
    const [first, second] = it.inbound.submissions;
    expect(second?.selection).toEqual(first?.selection);
    expect(second?.deliveryId).not.toBe(first?.deliveryId);
  });

  test("a closed form does not swallow what must be known", async () => {
    it.inbound.onSubmit = async () => {
      await sleep(1_200);
      return { kind: "refused", refusal };
    };
    const alice = it.slack.user("alice");
    it.slack.channel("#databases").removeBot();
    await alice.command("/db migrate orders");
    const modal = await alice.waitForModal("Billing");
    await modal.submit();
    await modal.close();
    await alice.waitForEphemeral("orders is being migrated.");
  });

  test("a refusal takes the form's place, and an unknown add-on asks for another", async () => {
    it.inbound.onForm = () => ({ kind: "refused", refusal });
    const alice = it.slack.user("alice");
    await alice.command("/db migrate orders");
    const modal = await alice.waitForModal("orders is being migrated.");
    expect(modal.submitLabel).toBeUndefined();
    await modal.close();
    it.inbound.onForm = () => ({ kind: "refused", refusal: { ...refusal, field: "addon" } });
    await alice.command("/db migrate ordrs");
    await alice.waitForModal("Which database do you want to migrate?");
  });

  test("the home tab shows what runs", async () => {
    it.inbound.onCommand = ({ name }) =>
      name === "status"
        ? { kind: "status", running: [{ migration: aRunningMigration(), steps: [], link: null }] }
        : { kind: "help", commands: [], unknown: null };
    const alice = it.slack.user("alice");
    await alice.openHome();
    await alice.waitForHome("Migrating orders");
  });
});

describe("who someone is", () => {
  let it: Harness;

  afterEach(() => it.close());

  async function kindOf(name: string): Promise<string | undefined> {
    it.inbound.onCommand = () => ({ kind: "status", running: [] });
    await it.slack.user(name).command("/db status");
    await expect.poll(() => it.inbound.members.at(-1)?.id).toBe(it.slack.user(name).id);
    return it.inbound.members.at(-1)?.kind;
  }

  test("is told from Slack's own account of them", async () => {
    it = await startHarness();
    expect(await kindOf("alice")).toBe("member");
    expect(await kindOf("gina")).toBe("guest");
    expect(await kindOf("eve")).toBe("external");
  });

  test("is unknown without the scope to look, and still external where the payload says so", async () => {
    it = await startHarness({ scopes: ["commands", "chat:write"] });
    expect(await kindOf("alice")).toBe("unknown");
    await it.chat.post(aThread(), { kind: "confirmation", migration: aMigration(), confirmable: true }, "n1");
    const plan = await it.slack.channel("#databases").waitFor("Migrate orders");
    await it.slack.user("eve").click(plan, "Cancel");
    await expect.poll(() => it.inbound.presses.at(-1)?.member.kind).toBe("external");
  });

  test("includes the policy's groups they are in, asked for once a minute", async () => {
    it = await startHarness({ policy: { users: [], groups: ["S0SUPPORT"] } });
    await kindOf("sam");
    expect(it.inbound.members.at(-1)?.groups).toEqual(["S0SUPPORT"]);
    await kindOf("alice");
    expect(it.inbound.members.at(-1)?.groups).toEqual([]);
    expect(it.slack.callsTo("usergroups.users.list")).toHaveLength(1);
  });
});

describe("the adapter's health", () => {
  test("doctor names what each missing scope costs and finds the support group", async () => {
    const it = await startHarness({ scopes: ["commands", "chat:write", "usergroups:read"] });
    const lines = await it.chat.diagnose();
    expect(lines.filter(({ ok }) => !ok)).toEqual([]);
    expect(lines.map(({ subject, detail }) => `${subject}: ${detail}`)).toMatchInlineSnapshot(`
      [
        "Slack bot token: @godwit in Local workspace",
        "Slack app token: Socket Mode can connect",
        "Slack scope commands: granted",
        "Slack scope chat:write: granted",
        "Slack scope users:read: not granted: guests cannot be told from members, so only people listed in policy.migrate may migrate",
        "Slack scope usergroups:read: granted",
        "Slack scope chat:write.public: not granted: Godwit must be invited to a public channel before it can post there",
        "Slack support: @support with 1 people",
      ]
    `);
    expect(it.chat.isConnected()).toBe(true);
    await it.close();
    expect(it.chat.isConnected()).toBe(false);
  });

  test("the connection comes back after it was cut", async () => {
    const it = await startHarness();
    it.slack.socket.drop();
    await expect.poll(() => it.chat.isConnected()).toBe(false);
    await it.slack.waitForConnections(1, { timeoutMs: 15_000 });
    it.inbound.onCommand = () => ({ kind: "status", running: [] });
    await it.slack.user("alice").command("/db status");
    await it.slack.user("alice").waitForEphemeral("No migration is running.");
    expect(it.chat.isConnected()).toBe(true);
    await it.close();
  });

  test("a refused token stops the start with a remedy", async () => {
    const it = await startHarness();
    it.slack.revokeToken();
    await it.chat.stop();
    await expect(it.chat.start(it.inbound)).rejects.toMatchObject({ code: "slack-refused" });
    await it.close();
  });
});
