import type { App } from "@slack/bolt";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type LocalSlack, startLocalSlack } from "../../playground/slack/index.ts";
import { post, type RunningApp, startHttpApp, startSocketApp } from "./slack-sample-app.ts";

const databases = "C0DATABASES";

describe("interactions", () => {
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

  async function startHttp(secret: string, register: (app: App) => void): Promise<void> {
    const app = await startHttpApp(slack, secret, register);
    running.push(app);
    slack.setRequestUrl(app.url);
  }

  test("a command that is not acknowledged shows operation_timeout", async () => {
    await start((app) => app.command("/db", async () => {}));
    const alice = slack.user("alice");
    expect(await alice.command("/db status")).toMatchObject({ acked: false, error: "operation_timeout" });
    expect(alice.errors).toMatchObject([{ error: "operation_timeout", kind: "command" }]);
    expect(slack.user("bob").errors).toEqual([]);
    expect(slack.ackLatencies).toMatchObject([{ kind: "command", acked: false }]);
    expect(slack.ackLatencies[0]?.ms).toBeGreaterThanOrEqual(295);
  });

  test("without a connection the command is not delivered", async () => {
    expect(await slack.user("alice").command("/db")).toMatchObject({ error: "dispatch_failed" });
  });

  test("a command says where it was typed, with private names hidden", async () => {
    const seen: Record<string, string>[] = [];
    slack.addChannel({ name: "secret", kind: "private" });
    slack.addChannel({ name: "alice-bob", kind: "im", members: ["alice", "bob"], hasBot: false });
    await start((app) =>
      app.command("/db", async ({ ack, body }) => {
        seen.push({ channel: body.channel_name, org: body.is_enterprise_install ?? "" });
        await ack();
      }),
    );
    for (const channel of ["#databases", "#secret", "alice-bob"]) {
      await slack.user("alice").command("/db", { channel });
    }
    expect(seen).toEqual([
      { channel: "databases", org: "false" },
      { channel: "privategroup", org: "false" },
      { channel: "directmessage", org: "false" },
    ]);
    await expect(slack.user("eve").command("/db", { channel: "alice-bob" })).rejects.toThrow("eve is not in");
  });

  test("each payload goes to one of several connections", async () => {
    const taken = [0, 0];
    for (const index of [0, 1]) {
      await start((app) =>
        app.command("/db", async ({ ack }) => {
          taken[index] = (taken[index] ?? 0) + 1;
          await ack();
        }),
      );
    }
    for (let count = 0; count < 30; count += 1) await slack.user("alice").command("/db");
    expect(Math.min(...taken)).toBeGreaterThan(0);
    expect(taken[0]! + taken[1]!).toBe(30);
  });

  test("a refreshed or dropped connection comes back, and nothing is sent twice", async () => {
    let count = 0;
    const options = { clientPingTimeout: 100 };
    await start((app) => {
      app.command("/db", async ({ ack }) => {
        count += 1;
        if (count === 1) slack.socket.drop();
        else await ack();
      });
    }, options);
    slack.socket.refresh();
    await slack.waitForConnections(0);
    await slack.waitForConnections(1);
    expect(await slack.user("alice").command("/db")).toMatchObject({ acked: false });
    await slack.waitForConnections(1);
    expect(await slack.user("alice").command("/db")).toMatchObject({ acked: true });
    expect(count).toBe(2);
  });

  test("a ticket for a connection works once", async () => {
    const opened = await fetch(`${slack.url}apps.connections.open`, {
      method: "POST",
      headers: { authorization: `Bearer ${slack.appToken}` },
    });
    const { url } = (await opened.json()) as { url: string };
    const statusOf = async (): Promise<string> => {
      const socket = new WebSocket(url);
      return new Promise((resolve) => {
        socket.once("open", () => resolve("open"));
        socket.once("error", (error) => resolve(error.message));
      });
    };
    expect(await statusOf()).toBe("open");
    expect(await statusOf()).toContain("403");
  });

  test("signed requests are refused by an app that has another secret", async () => {
    await startHttp("another-secret", (app) => app.command("/db", ({ ack }) => ack()));
    const alice = slack.user("alice");
    expect(await alice.command("/db")).toMatchObject({ acked: false, error: "dispatch_failed" });
    expect(alice.errors[0]?.detail).toContain("401");
  });

  test("over HTTP an unacknowledged command times out as well", async () => {
    await startHttp(slack.signingSecret, (app) => app.command("/db", async () => {}));
    expect(await slack.user("alice").command("/db")).toMatchObject({ error: "operation_timeout" });
  });

  test("over HTTP the fields arrive as typed", async () => {
    const typed = "rename a&b=c %41 é 🐦 +1";
    const texts: string[] = [];
    await startHttp(slack.signingSecret, (app) =>
      app.command("/db", async ({ ack, command }) => {
        texts.push(command.text);
        await ack();
      }),
    );
    await slack.user("alice").command(`/db ${typed}`);
    expect(texts).toEqual([typed]);
  });

  test("a wait in vain tells what was there instead", async () => {
    const app = await start(() => {});
    await post(app.app.client, { channel: databases, text: "something else" });
    await expect(slack.channel("#databases").waitFor("wanted", { timeoutMs: 20 })).rejects.toThrow(
      /matches wanted: nothing within 20 ms.*\n- something else/,
    );
    const endless = slack.user("alice").waitForModal(/never/, { timeoutMs: 60_000 });
    const ended = expect(endless).rejects.toThrow("the local Slack was closed");
    await app.stop();
    await slack.close();
    await ended;
  });
});
