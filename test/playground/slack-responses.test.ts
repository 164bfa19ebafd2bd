import type { App } from "@slack/bolt";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LocalSlack, startLocalSlack } from "../../playground/slack/index.ts";
import { post, type RunningApp, startSocketApp } from "./slack-sample-app.ts";

const databases = "C0DATABASES";
const plain = (text: string) => ({ type: "plain_text" as const, text });

describe("answers to interactions", () => {
  let slack: LocalSlack;
  const running: RunningApp[] = [];

  beforeEach(async () => {
    slack = await startLocalSlack({ ackTimeoutMs: 300 });
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((app) => app.stop()));
    await slack.close();
  });

  async function start(
    register: (app: App) => void,
    options?: { clientPingTimeout: number },
  ): Promise<RunningApp> {
    const app = await startSocketApp(slack, register, options);
    running.push(app);
    return app;
  }

  test("an acknowledgement with text is a message only the person sees", async () => {
    await start((app) => app.command("/db", ({ ack, command }) => ack(`You typed ${command.text}`)));
    const alice = slack.user("alice");
    expect(await alice.command("/db list all")).toMatchObject({ acked: true, text: "You typed list all" });
    expect(alice.ephemerals.map((message) => message.text())).toEqual(["You typed list all"]);
    expect(slack.channel("#databases").messages()).toEqual([]);
  });

  test("response_url works five times within thirty minutes, also where the bot is not", async () => {
    slack.addChannel({ name: "elsewhere", hasBot: false });
    const urls: string[] = [];
    await start((app) =>
      app.command("/db", async ({ ack, body }) => {
        urls.push(body.response_url);
        await ack();
      }),
    );
    const alice = slack.user("alice");
    await alice.command("/db", { channel: "#elsewhere" });
    const respond = (body: object): Promise<Response> =>
      fetch(urls.at(-1) ?? "", { method: "POST", body: JSON.stringify(body) });
    expect((await respond({})).status).toBe(400);
    for (let count = 0; count < 4; count += 1) expect((await respond({ text: `${count}` })).status).toBe(200);
    await respond({ text: "to all", response_type: "in_channel" });
    expect(await (await respond({ text: "6" })).json()).toMatchObject({ error: "used_url" });
    expect(alice.ephemerals).toHaveLength(4);
    expect(
      slack
        .channel("#elsewhere")
        .messages()
        .map((message) => message.text()),
    ).toEqual(["to all"]);
    await alice.command("/db");
    slack.clock.advance(30 * 60_000 + 1);
    expect((await respond({ text: "late" })).status).toBe(404);
  });

  test("buttons in ephemeral messages replace and delete their message by response_url", async () => {
    const button = (id: string) => ({ type: "button" as const, action_id: id, text: plain(id) });
    await start((app) => {
      app.command("/db", ({ ack }) =>
        ack({
          text: "Retry?",
          blocks: [{ type: "actions", elements: [button("retry"), button("dismiss")] }],
        }),
      );
      app.action("retry", async ({ ack, body, respond }) => {
        await ack();
        if (body.type !== "block_actions") return;
        const blocks = [{ type: "actions" as const, elements: [button("dismiss")] }];
        const text = `message: ${typeof body.message}, ephemeral: ${body.container.is_ephemeral}`;
        await respond({ text, blocks, replace_original: true });
      });
      app.action("dismiss", async ({ ack, respond }) => {
        await ack();
        await respond({ delete_original: true });
      });
    });
    const alice = slack.user("alice");
    await alice.command("/db");
    const message = await alice.waitForEphemeral("Retry?");
    await expect(slack.user("bob").click(message, "retry")).rejects.toThrow("bob does not see this message");
    await alice.click(message, "retry");
    await message.waitFor("message: undefined, ephemeral: true");
    expect(message.buttons()).toEqual(["dismiss"]);
    await alice.click(message, "dismiss");
    await message.waitFor((handle) => handle.isDeleted);
    expect(alice.ephemerals).toEqual([]);
  });

  test("a missing button and an unanswered confirm dialog are told", async () => {
    const app = await start(() => {});
    const confirm = {
      title: plain("Sure?"),
      text: plain("Read-only"),
      confirm: plain("Yes"),
      deny: plain("No"),
    };
    const elements = [{ type: "button" as const, action_id: "go", text: plain("Go"), confirm }];
    await post(app.app.client, { channel: databases, text: "x", blocks: [{ type: "actions", elements }] });
    const message = await slack.channel("#databases").waitFor("[Go]");
    await expect(slack.user("alice").click(message, "Stop")).rejects.toThrow('There are: "Go" (go)');
    await expect(slack.user("alice").click(message, "Go")).rejects.toThrow('asks "Read-only"');
  });

  test("options that Slack would refuse show the person an error", async () => {
    const select = { type: "external_select" as const, action_id: "addon" };
    const app = await start((app) =>
      app.options("addon", ({ ack }) => ack({ options: [{ text: plain("t".repeat(76)), value: "v" }] })),
    );
    await post(app.app.client, {
      channel: databases,
      text: "x",
      blocks: [{ type: "actions", elements: [select] }],
    });
    const message = await slack.channel("#databases").waitFor(/./);
    const alice = slack.user("alice");
    await expect(alice.choose(message, "addon", "or")).rejects.toThrow("It offers: nothing");
    expect(slack.ackLatencies).toEqual([]);
    await expect(alice.choose(message, "addon", "orders")).rejects.toThrow("It offers: nothing");
    expect(alice.errors).toMatchObject([{ error: "invalid_response", kind: "block_suggestion" }]);
  });

  test("a stranger's home team is in the payload", async () => {
    const teams: (string | undefined)[] = [];
    const app = await start((app) =>
      app.action("go", async ({ ack, body }) => {
        if (body.type === "block_actions") teams.push(body.user.team_id, body.team?.id);
        await ack();
      }),
    );
    const elements = [{ type: "button" as const, action_id: "go", text: plain("Go") }];
    await post(app.app.client, { channel: databases, text: "x", blocks: [{ type: "actions", elements }] });
    await slack.user("eve").click(await slack.channel("#databases").waitFor("[Go]"), "Go");
    expect(teams).toEqual(["T0STRANGER", "T0LOCAL"]);
  });
});
