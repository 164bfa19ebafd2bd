import {
  DiscordAPIError,
  HTTPError,
  RateLimitError,
  type REST,
  REST as RestClient,
  Routes,
} from "discord.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LocalDiscord, startLocalDiscord } from "../../playground/discord/index.ts";
import { failureOf, makeRest } from "./discord-sample-app.ts";

const posts = "POST /channels/{channel}/messages";

describe("scripted faults and rate limits", () => {
  let discord: LocalDiscord;
  let rest: REST;
  /** Gives up after a fifth of a second. */
  let hasty: REST;

  beforeEach(async () => {
    discord = await startLocalDiscord();
    rest = makeRest(discord);
    hasty = new RestClient({ api: discord.url, retries: 0, timeout: 200 }).setToken(discord.token);
  });

  afterEach(() => discord.close());

  const body = { content: "hello", allowed_mentions: { parse: [] } };
  const post = (client = rest, channel = "#databases"): Promise<unknown> =>
    client.post(Routes.channelMessages(discord.channel(channel).id), { body });
  const posted = (): number => discord.channel("#databases").messages().length;

  /** discord.js adds 50 ms of its own. */
  test("429 carries Retry-After and hits once", async () => {
    discord.faults.next(posts, { status: 429, retryAfter: 2 });
    const error = await failureOf(post());
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toMatchObject({ retryAfter: 2050, scope: "user" });
    expect(posted()).toBe(0);
    expect(discord.calls.map(({ status }) => status)).toEqual([429]);
    expect(discord.faults.pending).toBe(0);
  });

  test("a global 429 says that it is one", async () => {
    discord.faults.next("*", { status: 429, retryAfter: 1, isGlobal: true });
    expect(await failureOf(post())).toMatchObject({ global: true });
  });

  test("5xx and a scripted code answer without any effect", async () => {
    discord.faults.next(posts, { status: 502 });
    discord.faults.next(posts, { status: 403, code: 50_013 });
    expect(await failureOf(post())).toBeInstanceOf(HTTPError);
    const error = await failureOf(post());
    expect(error).toBeInstanceOf(DiscordAPIError);
    expect(error).toMatchObject({ code: 50_013, status: 403 });
    expect(posted()).toBe(0);
    await post();
    expect(posted()).toBe(1);
  });

  test("discord.js repeats a request after 5xx, without a nonce twice too often", async () => {
    const patient = new RestClient({ api: discord.url, retries: 3 }).setToken(discord.token);
    discord.faults.next(posts, { acceptedButStatus: 502 }, { times: 2 });
    await post(patient);
    expect(posted()).toBe(3);
  });

  test("a hanging or cut request has no effect", async () => {
    discord.faults.next(posts, { hang: true });
    discord.faults.next(posts, { drop: true });
    await failureOf(post(hasty));
    await failureOf(post(hasty));
    expect(discord.calls.map(({ status }) => status)).toEqual([0, 0]);
    expect(posted()).toBe(0);
  });

  test("a request that was taken but not answered leaves the message behind", async () => {
    for (const fault of [
      { acceptedButTimesOut: true },
      { acceptedButDropped: true },
      { acceptedButStatus: 503 },
    ] as const) {
      discord.faults.next(posts, fault);
      expect(await failureOf(post(hasty))).toBeInstanceOf(Error);
    }
    expect(posted()).toBe(3);
  });

  test("latency delays the effect", async () => {
    discord.faults.next(posts, { latencyMs: 80 });
    const startedMs = performance.now();
    await post();
    expect(performance.now() - startedMs).toBeGreaterThan(75);
  });

  test("a fault can be limited to some requests and a number of times", async () => {
    const other = discord.addChannel({ name: "other" });
    discord.faults.always(posts, { status: 500 }, { when: ({ path }) => path.includes(other.id) });
    await post();
    await failureOf(post(rest, "#other"));
    await failureOf(post(rest, "#other"));
    discord.faults.clear();
    await post(rest, "#other");
    expect(discord.callsTo(posts).map(({ status }) => status)).toEqual([200, 500, 500, 200]);
  });

  test("without the token everything answers 401, also after it was revoked", async () => {
    const stranger = new RestClient({ api: discord.url, retries: 0 }).setToken("wrong");
    expect(await failureOf(stranger.get(Routes.user()))).toMatchObject({ status: 401, code: 0 });
    await post();
    discord.revokeToken();
    expect(await failureOf(post())).toMatchObject({ status: 401 });
  });

  test("headers of ordinary answers tell the bucket, and discord.js waits for it", async () => {
    discord.setRateLimits("discord");
    for (let count = 0; count < 5; count += 1) await post();
    expect(await failureOf(post())).toBeInstanceOf(RateLimitError);
    expect(discord.calls.every(({ status }) => status === 200)).toBe(true);
    discord.addChannel({ name: "other" });
    await post(rest, "#other");
  });

  test("one post too many in five seconds is refused, and the clock opens the window", async () => {
    discord.setRateLimits("discord");
    for (let count = 0; count < 5; count += 1) await post(makeRest(discord));
    const error = await failureOf(post(makeRest(discord)));
    expect(error).toMatchObject({ scope: "user", global: false });
    expect(discord.calls.at(-1)?.status).toBe(429);
    discord.clock.advance(5001);
    await post(makeRest(discord));
    expect(posted()).toBe(6);
  });

  test("fifty requests a second are the most in all", async () => {
    discord.setRateLimits("discord");
    const ask = (): Promise<unknown> => makeRest(discord).get(Routes.user());
    await Promise.all(Array.from({ length: 50 }, ask));
    expect(await failureOf(ask())).toMatchObject({ global: true });
    discord.clock.advance(1001);
    await ask();
  });

  test("what is no route, no JSON or no bot is recorded and refused", async () => {
    const url = `${discord.url}/v10/channels/${discord.channel("#databases").id}/messages`;
    const headers = { authorization: `Bot ${discord.token}`, "user-agent": "DiscordBot (test, 1)" };
    const json = { ...headers, "content-type": "application/json" };
    expect((await fetch(`${discord.url}/v10/nowhere`, { headers })).status).toBe(404);
    expect((await fetch(url, { method: "POST", headers: json, body: "{" })).status).toBe(400);
    expect((await fetch(url, { headers: { ...headers, "user-agent": "curl" } })).status).toBe(403);
    expect(discord.violations).toHaveLength(3);
  });
});
