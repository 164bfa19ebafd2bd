import { createHmac, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { Secret } from "../../../src/core/secret.ts";
import { authorize, signatureBase } from "../../../src/providers/clever-cloud/api/authorize.ts";
import { createApi } from "../../../src/providers/clever-cloud/api/client.ts";
import { ApiProblem } from "../../../src/providers/clever-cloud/api/problem.ts";
import type { CleverCloudConfig } from "../../../src/providers/clever-cloud/config.ts";
import { aLog, aPlatform, NEVER, orders, planId } from "./helpers/a-platform.ts";

async function aClient(change: Partial<CleverCloudConfig> = {}) {
  const { clever, config } = await aPlatform();
  const lines: string[] = [];
  const api = createApi({ ...config, ...change }, { clock: systemClock, log: aLog(lines), randomBytes });
  return { clever, api, lines };
}

async function problemOf(work: Promise<unknown>): Promise<ApiProblem> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ApiProblem)) throw new Error(`expected an ApiProblem, got ${String(error)}`);
  return error;
}

const everything = (problem: ApiProblem) =>
  JSON.stringify([problem, problem.message, problem.stack, String(problem.cause)]);

test("OAuth1 with HMAC-SHA512 is let in at the API host", async () => {
  const { clever, config } = await aPlatform();
  const addon = orders(clever);
  const { consumerKey, consumerSecret, token, secret } = clever.oauth;
  const credentials = {
    kind: "oauth",
    consumerKey,
    consumerSecret: new Secret(consumerSecret),
    token: new Secret(token),
    tokenSecret: new Secret(secret),
  } as const;
  const oauth = { ...config, credentials, api: clever.url };
  const api = createApi(oauth, { clock: systemClock, log: aLog([]), randomBytes });

  expect((await api.addons(NEVER)).map(({ id }) => id)).toEqual([addon.id]);
  expect((await api.prices("par", NEVER)).runtime.length).toBeGreaterThan(0);
  expect((await api.product("postgresql-addon", NEVER)).plans.length).toBeGreaterThan(0);
  expect(clever.violations).toEqual([]);
  expect(clever.calls.map(({ host }) => host)).toEqual(["api", "api", "api"]);
});

test("what is signed is the example of OAuth1's own specification", () => {
  // RFC 5849, section 3.4.1.1, without its form body, which JSON calls do not have.
  const url = new URL("http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b");
  const parameters = {
    oauth_consumer_key: "9djdj82h48djs9d2",
    oauth_token: "kkk9d7dh3k39sjv7",
    oauth_signature_method: "HMAC-SHA1",
    oauth_timestamp: "137131201",
    oauth_nonce: "7d8f3e4a",
  };
  expect(signatureBase({ method: "post", url }, parameters)).toBe(
    "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7",
  );
});

test("the signature is made with both secrets, and neither is in the header", () => {
  const url = new URL("https://api.clever-cloud.com/v2/summary");
  const credentials = {
    kind: "oauth",
    consumerKey: "key",
    consumerSecret: new Secret("consumer/secret"),
    token: new Secret("the-token"),
    tokenSecret: new Secret("token secret"),
  } as const;
  const header = authorize(credentials, { method: "GET", url, nonce: "n", timestamp: 1 });
  const base = signatureBase(
    { method: "GET", url },
    {
      oauth_consumer_key: "key",
      oauth_nonce: "n",
      oauth_signature_method: "HMAC-SHA512",
      oauth_timestamp: "1",
      oauth_token: "the-token",
      oauth_version: "1.0",
    },
  );
  const signature = createHmac("sha512", "consumer%2Fsecret&token%20secret").update(base).digest("base64");
  expect(header).toContain(`oauth_signature="${encodeURIComponent(signature)}"`);
  expect(header).not.toMatch(/consumer\/secret|token secret/);
});

test.each([
  ["503", { status: 503 }],
  ["502", { status: 502, body: "<html>bad gateway</html>" }],
  ["429", { status: 429, retryAfter: 0 }],
  ["a broken connection", { drop: true }],
] as const)("a read is repeated after %s", async (_, fault) => {
  const { clever, api } = await aClient();
  orders(clever);
  clever.faults.next("listAddons", fault, { times: 2 });

  expect(await api.addons(NEVER)).toHaveLength(1);
  expect(clever.callsTo("listAddons")).toHaveLength(3);
});

test("a read is repeated three times and no more", async () => {
  const { clever, api } = await aClient();
  clever.faults.always("listAddons", { status: 503 });
  const problem = await problemOf(api.addons(NEVER));

  expect(problem).toMatchObject({ kind: "unreachable", class: "transient" });
  expect(problem.summary).toBe(
    `Clever Cloud's interface does not answer when asked for the add-ons of ${clever.owner}.`,
  );
  expect(clever.callsTo("listAddons")).toHaveLength(4);
});

test("a read waits as long as the platform asks for", async () => {
  const { clever, api } = await aClient();
  clever.faults.next("listAddons", { status: 429, retryAfter: 2 });
  await api.addons(NEVER);
  const [first, second] = clever.callsTo("listAddons");

  expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(1_990);
});

test("a read that the platform wants much later is given up at once, with how long to wait", async () => {
  const { clever, api } = await aClient();
  clever.faults.next("listAddons", { status: 429, retryAfter: 600 });

  expect(await problemOf(api.addons(NEVER))).toMatchObject({ kind: "busy", retryAfterMs: 600_000 });
  expect(clever.callsTo("listAddons")).toHaveLength(1);
});

test("a read that took long is not begun anew", async () => {
  const { clever, config } = await aPlatform();
  clever.faults.always("listAddons", { status: 503 });
  let skipped = 0;
  const clock = { ...systemClock, now: () => new Date(Date.now() + (skipped += 15_000)) };
  const api = createApi(config, { clock, log: aLog([]), randomBytes });
  await problemOf(api.addons(NEVER));

  expect(clever.callsTo("listAddons")).toHaveLength(1);
});

test.each([{ status: 503 }, { drop: true }, { status: 429, retryAfter: 0 }] as const)(
  "what changes something is sent once, whatever the answer (%o)",
  async (fault) => {
    const { clever, api } = await aClient();
    const addon = orders(clever);
    clever.faults.next("startMigration", fault);
    const order = { planId: planId(addon, "xs_sml"), zone: "par", version: "16" };
    await problemOf(api.startMigration(addon.id, order, NEVER));

    expect(clever.callsTo("startMigration")).toHaveLength(1);
  },
);

test("a call ends when it is told to, with the reason it was given", async () => {
  const { clever, api } = await aClient();
  clever.faults.always("listAddons", { hang: true });
  const stop = new AbortController();
  const call = api.addons(stop.signal);
  const reason = new Error("enough");
  setTimeout(() => stop.abort(reason), 50);

  await expect(call).rejects.toBe(reason);
});

test("an answer that does not fit names the place and none of the values in it", async () => {
  const { clever, api, lines } = await aClient();
  const addon = orders(clever);
  const body = [
    { name: "POSTGRESQL_ADDON_PASSWORD", value: "hunter2" },
    { name: "X", value: 42, extra: "s3cret" },
  ];
  clever.faults.next("getAddonEnv", { status: 200, body });
  const problem = await problemOf(api.variables(addon.id, NEVER));

  expect(problem).toMatchObject({ kind: "unknown-answer", class: "permanent" });
  expect(String(problem.cause)).toBe("Error: 1.value: invalid_type");
  expect(everything(problem) + lines.join()).not.toMatch(/hunter2|s3cret/);
});

test("a refusal that repeats the token does not carry it on", async () => {
  const { clever, api, lines } = await aClient();
  clever.faults.next("listAddons", {
    status: 400,
    body: { id: 1, message: `bad header Bearer ${clever.token}, password=hunter2`, type: "error" },
  });
  const problem = await problemOf(api.addons(NEVER));

  expect(problem.summary).toContain("bad header Bearer [redacted], password=[redacted] (1)");
  expect(everything(problem) + lines.join()).not.toMatch(new RegExp(`${clever.token}|hunter2`));
});

test("a refusal in plain text is told, and one in HTML is not", async () => {
  const { clever, api } = await aClient();
  clever.faults.next("listAddons", { status: 400, body: "no such thing" });
  clever.faults.next("listAddons", { status: 400, body: "<html>no</html>" });

  expect((await problemOf(api.addons(NEVER))).summary).toMatch(/ It says: no such thing\.$/);
  expect((await problemOf(api.addons(NEVER))).summary).toMatch(/nothing was started\.$/);
});

test("a token that is not taken, a right that is missing and an unreachable host are told apart", async () => {
  const { clever, api } = await aClient();
  const addon = orders(clever);
  clever.issueToken(clever.token, "DEVELOPER");
  const order = { planId: planId(addon, "xs_sml"), zone: "par", version: "16" };
  const forbidden = await problemOf(api.startMigration(addon.id, order, NEVER));
  clever.revokeToken();
  const refused = await problemOf(api.addons(NEVER));
  const nowhere = await aClient({ api: "http://127.0.0.1:9" });
  const unreachable = await problemOf(nowhere.api.addons(NEVER));

  expect(forbidden.remedy).toBe(
    `Ask an administrator of ${clever.owner} to give Godwit's user the role Manager or Admin there.`,
  );
  expect([forbidden.kind, refused.kind, unreachable.kind]).toEqual([
    "forbidden",
    "token-refused",
    "unreachable",
  ]);
  expect(refused.summary).toBe(
    "Clever Cloud does not take Godwit's token: it has run out, was revoked, or is mistyped.",
  );
});
