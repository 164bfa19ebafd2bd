import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
} from "@slack/web-api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LocalSlack, startLocalSlack } from "../../playground/slack/index.ts";
import { post } from "./slack-sample-app.ts";

const hello = { channel: "C0DATABASES", text: "hello" };

describe("scripted faults and rate limits", () => {
  let slack: LocalSlack;
  let client: WebClient;
  /** Gives up after a second. */
  let hasty: WebClient;

  beforeEach(async () => {
    slack = await startLocalSlack();
    const options = { slackApiUrl: slack.url, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true };
    client = new WebClient(slack.botToken, options);
    hasty = new WebClient(slack.botToken, { ...options, timeout: 1000 });
  });

  afterEach(() => slack.close());

  const failure = (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => "the call succeeded",
      (error: unknown) => error,
    );
  const posted = (): number => slack.channel("#databases").messages().length;

  test("429 carries Retry-After and hits once", async () => {
    slack.faults.next("chat.postMessage", { status: 429, retryAfter: 3 });
    const error = await failure(post(client, hello));
    expect(error).toBeInstanceOf(WebAPIRateLimitedError);
    expect(error).toMatchObject({ retryAfter: 3 });
    expect(posted()).toBe(0);
    expect(await post(client, hello)).toMatchObject({ ok: true });
    expect(slack.calls.map(({ status }) => status)).toEqual([429, 200]);
  });

  test("500 and a scripted error answer without any effect", async () => {
    slack.faults.next("chat.postMessage", { status: 500 });
    slack.faults.next("chat.postMessage", { error: "fatal_error" });
    expect(await failure(post(client, hello))).toBeInstanceOf(WebAPIHTTPError);
    const error = await failure(post(client, hello));
    expect(error).toBeInstanceOf(WebAPIPlatformError);
    expect(error).toMatchObject({ data: { error: "fatal_error" } });
    expect(posted()).toBe(0);
    expect(slack.faults.pending).toBe(0);
  });

  test("a hanging or dropped call has no effect", async () => {
    slack.faults.next("chat.postMessage", { hang: true });
    slack.faults.next("chat.postMessage", { drop: true });
    expect(await failure(post(hasty, hello))).toBeInstanceOf(WebAPIRequestError);
    expect(await failure(post(hasty, hello))).toBeInstanceOf(WebAPIRequestError);
    expect(posted()).toBe(0);
  });

  test("an accepted call that times out leaves the message behind", async () => {
    slack.faults.next("chat.postMessage", { acceptedButTimesOut: true });
    expect(await failure(post(hasty, hello))).toBeInstanceOf(WebAPIRequestError);
    expect(posted()).toBe(1);
    slack.faults.next("chat.postMessage", { acceptedButStatus: 503 });
    expect(await failure(post(hasty, hello))).toBeInstanceOf(WebAPIHTTPError);
    expect(posted()).toBe(2);
  });

  test("latency delays the effect", async () => {
    slack.faults.next("chat.postMessage", { latencyMs: 80 });
    const startedMs = performance.now();
    await post(client, hello);
    expect(performance.now() - startedMs).toBeGreaterThan(75);
  });

  test("a fault can be limited to some calls and a number of times", async () => {
    const when = (args: Record<string, unknown>) => args.text === "bad";
    slack.faults.next("chat.postMessage", { error: "fatal_error" }, { times: 2, when });
    expect(await post(client, hello)).toMatchObject({ ok: true });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect(await failure(post(client, { ...hello, text: "bad" }))).toBeInstanceOf(WebAPIPlatformError);
    }
    expect(await post(client, { ...hello, text: "bad" })).toMatchObject({ ok: true });
  });

  test("an outage of every method lasts until it is cleared", async () => {
    slack.faults.always("*", { status: 503 });
    expect(await failure(client.auth.test())).toBeInstanceOf(WebAPIHTTPError);
    expect(await failure(post(client, hello))).toBeInstanceOf(WebAPIHTTPError);
    slack.faults.clear();
    expect(await client.auth.test()).toMatchObject({ ok: true });
  });

  test("one post a second per channel, when limits are on", async () => {
    await post(client, hello);
    await post(client, hello);
    slack.setRateLimits("slack");
    slack.addChannel({ name: "other" });
    await post(client, hello);
    expect(await failure(post(client, hello))).toMatchObject({ retryAfter: 1 });
    expect(await post(client, { ...hello, channel: slack.channel("other").id })).toMatchObject({ ok: true });
    slack.clock.advance(1001);
    expect(await post(client, hello)).toMatchObject({ ok: true });
  });

  test("fifty edits a minute", async () => {
    const { ts = "" } = await post(client, hello);
    slack.setRateLimits("slack");
    const edit = () => client.chat.update({ channel: hello.channel, ts, text: "x" });
    for (let count = 0; count < 50; count += 1) await edit();
    expect(await failure(edit())).toBeInstanceOf(WebAPIRateLimitedError);
    slack.clock.advance(60_001);
    expect(await edit()).toMatchObject({ ok: true });
  });
});
