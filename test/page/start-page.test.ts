import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PagePatch, PageWelcome } from "../../playground/page/page-state.ts";
import { type StartedPage, startPage } from "../../playground/page/start-page.ts";
import { type LocalSlack, startLocalSlack } from "../../playground/slack/index.ts";
import { until } from "../support/until.ts";
import { type SampleDemo, sampleDemo } from "./sample-demo.ts";

let slack: LocalSlack;
let page: StartedPage;
let demo: SampleDemo;

beforeAll(async () => {
  slack = await startLocalSlack();
  demo = sampleDemo();
  page = await startPage({ slack, ...demo });
});

afterAll(async () => {
  await page.close();
  await slack.close();
});

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** A request with any header, also those that `fetch` would not send. */
function ask({
  method = "GET",
  path = "/",
  headers = {},
  body,
}: Asked): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, page.url), { method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on("error", reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const json = { "content-type": "application/json" };
const own = (): Record<string, string> => ({ ...json, origin: new URL(page.url).origin });
const say = { type: "say", user: "alice", channel: "#databases", text: "hello" };

/** Collects the events of the feed. */
async function follow(): Promise<{ events: { name: string; data: unknown }[]; stop: () => void }> {
  const abort = new AbortController();
  const response = await fetch(new URL("feed", page.url), { signal: abort.signal });
  const events: { name: string; data: unknown }[] = [];
  void read(response, events).catch(() => {});
  return { events, stop: () => abort.abort() };
}

async function read(response: Response, events: { name: string; data: unknown }[]): Promise<void> {
  let rest = "";
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const parts = (rest + chunk).split("\n\n");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const [, name = "", data = ""] = /^event: (\w+)\ndata: (.*)$/s.exec(part) ?? [];
      events.push({ name, data: JSON.parse(data) });
    }
  }
}

describe("what the page serves", () => {
  test("is the built client, with a policy that allows no other script", async () => {
    const response = await fetch(page.url);
    expect(response.headers.get("content-security-policy")).toContain("script-src 'self'");
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(await response.text())?.[1] ?? "";
    expect((await fetch(new URL(script, page.url))).headers.get("content-type")).toContain("javascript");
  });

  test("is nothing outside the client", async () => {
    expect(await ask({ path: "/start-page.ts" })).toMatchObject({ status: 404 });
    expect(await ask({ path: "/assets/%2e%2e%2f%2e%2e%2fstart-page.ts" })).toMatchObject({ status: 404 });
  });

  test("says which port is taken", async () => {
    const port = Number(new URL(page.url).port);
    await expect(startPage({ slack, ...demo, port })).rejects.toThrow(`Port ${port} is taken`);
  });
});

describe("who may use it", () => {
  test("a name that resolves to this machine is refused", async () => {
    expect(await ask({ headers: { host: "rebound.example" } })).toMatchObject({ status: 403 });
  });

  test("another page's origin is refused, for acting and for reading", async () => {
    const origin = "http://evil.example";
    expect(await ask({ path: "/feed", headers: { origin } })).toMatchObject({ status: 403 });
    const attempt = { method: "POST", path: "/act", headers: { ...json, origin }, body: say };
    expect(await ask(attempt)).toMatchObject({ status: 403 });
  });

  test("acting without an origin, as a form or as a simple request is refused", async () => {
    const post = { method: "POST", path: "/act", body: say };
    expect(await ask({ ...post, headers: json })).toMatchObject({ status: 403 });
    expect(await ask({ ...post, headers: { ...own(), "content-type": "text/plain" } })).toMatchObject({
      status: 403,
    });
    expect(await ask({ ...post, headers: { ...own(), "sec-fetch-site": "cross-site" } })).toMatchObject({
      status: 403,
    });
    expect(slack.snapshot().messages).toEqual([]);
  });

  test("the page itself acts, and reads why something is not possible", async () => {
    const post = { method: "POST", path: "/act", headers: own() };
    expect(await ask({ ...post, body: say })).toMatchObject({ status: 200 });
    expect(slack.snapshot().messages).toMatchObject([{ text: "hello" }]);
    const nobody = await ask({ ...post, body: { ...say, user: "nobody" } });
    expect(nobody).toMatchObject({ status: 422 });
    expect(nobody.text).toContain("no such person: nobody");
  });

  test("a body without end is refused", async () => {
    const body = { ...say, text: "x".repeat(200_000) };
    expect(await ask({ method: "POST", path: "/act", headers: own(), body })).toMatchObject({ status: 422 });
  });
});

describe("the demo beside the chat", () => {
  test("hears which step shall fail, and nothing else", async () => {
    const post = { method: "POST", path: "/demo", headers: own() };
    expect(await ask({ ...post, body: { type: "fail-at", step: "verify" } })).toMatchObject({ status: 200 });
    expect(await ask({ ...post, body: { type: "drop", table: "orders" } })).toMatchObject({ status: 422 });
    expect(demo.actions).toEqual([{ type: "fail-at", step: "verify" }]);
  });
});

describe("the feed", () => {
  test("begins with all there is, then tells only what changed", async () => {
    const { events, stop } = await follow();
    await until(() => events.length > 0, { what: "the first event" });
    const welcome = events[0]?.data as PageWelcome | undefined;
    expect(welcome?.settings.people.map(({ name }) => name)).toEqual(["alice", "bob", "sam"]);
    slack.user("bob").say("news", { channel: "#databases" });
    await until(() => events.length > 1, { what: "the second event" });
    const patch = events[1]?.data as PagePatch;
    expect(patch.slack?.messages?.changed).toMatchObject([{ text: "news" }]);
    expect(patch).not.toHaveProperty("demo");
    expect(welcome?.state.slack?.messages).toMatchObject([{ text: "hello" }]);
    stop();
  });

  test("tells a hundred edits in a few events", async () => {
    const { events, stop } = await follow();
    const { ts } = slack.user("bob").say("0", { channel: "#databases" });
    const message = slack.world.messages.find("C0DATABASES", ts);
    if (!message) throw new Error("the message is missing");
    for (let edit = 1; edit <= 100; edit += 1) {
      slack.world.messages.edit(message, { text: `${edit}` });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await until(() => JSON.stringify(events.at(-1)?.data).includes('"100"'), { what: "the last edit" });
    expect(events.length).toBeLessThan(10);
    stop();
  });
});
