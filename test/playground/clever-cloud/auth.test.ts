import { createHmac, randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LocalCleverCloud, startLocalCleverCloud } from "../../../playground/clever-cloud/index.ts";
import { Connection, type Reply, readReply } from "./connection.ts";

const unauthorized = { id: 2001, message: "You are not authenticated.", type: "error" };

describe("who may ask", () => {
  let clever: LocalCleverCloud;
  let addons: string;

  beforeEach(async () => {
    clever = await startLocalCleverCloud();
    addons = `/v2/organisations/${clever.owner}/addons`;
  });

  afterEach(() => clever.close());

  const ask = async (url: string, authorization?: string): Promise<Reply> =>
    readReply(await fetch(url, authorization === undefined ? {} : { headers: { authorization } }));

  /** As the official client writes it: without method, nonce and time. */
  const plaintext = (secret: string = clever.oauth.secret): string =>
    `OAuth oauth_consumer_key="${clever.oauth.consumerKey}", oauth_token="${clever.oauth.token}", ` +
    `oauth_signature="${clever.oauth.consumerSecret}%26${secret}"`;

  /** RFC 5849 written out for a request without a body. */
  const signed = (
    url: string,
    change: { nonce?: string; timestamp?: number; secret?: string } = {},
  ): string => {
    const { origin, pathname, searchParams } = new URL(url);
    const oauth = {
      oauth_consumer_key: clever.oauth.consumerKey,
      oauth_nonce: change.nonce ?? randomUUID(),
      oauth_signature_method: "HMAC-SHA512",
      oauth_timestamp: String(change.timestamp ?? Math.floor(Date.now() / 1000)),
      oauth_token: clever.oauth.token,
      oauth_version: "1.0",
    };
    const parameters = [...Object.entries(oauth), ...searchParams]
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .sort()
      .join("&");
    const base = ["GET", `${origin}${pathname}`, parameters].map(encodeURIComponent).join("&");
    const key = `${clever.oauth.consumerSecret}&${change.secret ?? clever.oauth.secret}`;
    const oauth_signature = createHmac("sha512", key).update(base).digest("base64");
    const pairs = Object.entries({ ...oauth, oauth_signature });
    return `OAuth ${pairs.map(([name, value]) => `${name}="${encodeURIComponent(value)}"`).join(", ")}`;
  };

  test("the bridge takes the API token, and the API host OAuth1 in plain text or signed", async () => {
    const signedUrl = `${clever.url}/v4/billing/organisations/${clever.owner}/price-system?zone_id=par`;

    expect(await ask(`${clever.bridgeUrl}${addons}`, `Bearer ${clever.token}`)).toMatchObject({
      status: 200,
    });
    expect(await ask(`${clever.url}${addons}`, plaintext())).toMatchObject({ status: 200 });
    expect(await ask(signedUrl, signed(signedUrl))).toMatchObject({ status: 200 });
    expect(clever.violations).toEqual([]);
    expect(clever.calls.map(({ host }) => host)).toEqual(["bridge", "api", "api"]);
  });

  test("each host refuses the other's credentials", async () => {
    const bearerOnApi = await ask(`${clever.url}${addons}`, `Bearer ${clever.token}`);
    const oauthOnBridge = await ask(`${clever.bridgeUrl}${addons}`, plaintext());

    expect(bearerOnApi).toMatchObject({ status: 401, body: unauthorized });
    expect(oauthOnBridge).toMatchObject({ status: 401, body: unauthorized });
    expect(clever.violations.map(({ error }) => error)).toEqual(["wrong-host", "wrong-host"]);
  });

  test("an unknown token is refused, a missing one is a violation besides", async () => {
    expect(await ask(`${clever.bridgeUrl}${addons}`, "Bearer nobody")).toMatchObject({ status: 401 });
    expect(clever.violations).toEqual([]);
    expect(await ask(`${clever.bridgeUrl}${addons}`)).toMatchObject({ status: 401, body: unauthorized });
    expect(clever.violations).toMatchObject([{ error: "bad-credentials" }]);
  });

  test.each([
    ["another secret", { secret: "other" }],
    ["a time of an hour ago", { timestamp: Math.floor(Date.now() / 1000) - 3600 }],
    ["a time that is none", { timestamp: Number.NaN }],
  ])("a signature with %s is refused", async (_, change) => {
    expect(await ask(`${clever.url}${addons}`, signed(`${clever.url}${addons}`, change))).toMatchObject({
      status: 401,
      body: unauthorized,
    });
    expect(clever.violations).toMatchObject([{ error: "bad-credentials" }]);
  });

  test("a signature counts for one request and for one address", async () => {
    const url = `${clever.url}${addons}`;
    const once = signed(url, { nonce: "n1", timestamp: Math.floor(Date.now() / 1000) });

    expect(await ask(url, once)).toMatchObject({ status: 200 });
    expect(await ask(url, once)).toMatchObject({ status: 401 });
    expect(await ask(`${clever.url}/v2/summary`, signed(url))).toMatchObject({ status: 401 });
    expect(await ask(`${url}?x=1`, signed(url))).toMatchObject({ status: 401 });
  });

  test("other signature methods and consumers are refused", async () => {
    const sha1 = signed(`${clever.url}${addons}`).replace("HMAC-SHA512", "HMAC-SHA1");
    const stranger = plaintext().replace(clever.oauth.consumerKey, "stranger");
    const otherToken = plaintext().replace(clever.oauth.token, clever.token);

    expect(await ask(`${clever.url}${addons}`, sha1)).toMatchObject({ status: 401 });
    expect(await ask(`${clever.url}${addons}`, stranger)).toMatchObject({ status: 401 });
    expect(await ask(`${clever.url}${addons}`, otherToken)).toMatchObject({ status: 401 });
    expect(await ask(`${clever.url}${addons}`, plaintext("wrong"))).toMatchObject({ status: 401 });
  });

  test("a token that ran out answers 401 on both hosts", async () => {
    clever.scenarios.expireTokens();

    expect(await ask(`${clever.bridgeUrl}${addons}`, `Bearer ${clever.token}`)).toMatchObject({
      status: 401,
    });
    expect(await ask(`${clever.url}${addons}`, plaintext())).toMatchObject({ status: 401 });
  });

  test("a developer may look and redeploy, but neither migrate nor cancel", async () => {
    const addon = clever.seedAddon();
    const application = clever.seedApplication({ linkedTo: [addon] });
    clever.issueToken("dev", "DEVELOPER");
    const developer = new Connection(clever, "dev");
    const forbidden = { status: 403, body: { id: 2002, type: "error" } };

    expect(await developer.get(developer.addon(addon))).toMatchObject({ status: 200 });
    expect(await developer.migrate(addon)).toMatchObject(forbidden);
    expect(await developer.delete(developer.addon(addon, "/migrations/migration_x"))).toMatchObject(
      forbidden,
    );
    expect(await developer.post(developer.application(application, "/instances"))).toMatchObject({
      status: 200,
    });
    expect(clever.world.migrations.all).toEqual([]);
  });

  test("an accountant sees prices only", async () => {
    clever.scenarios.changeRole("ACCOUNTING");
    const accountant = new Connection(clever);

    expect(await accountant.get(addons)).toMatchObject({ status: 403 });
    expect(
      await accountant.get(`/v4/billing/organisations/${clever.owner}/price-system?zone_id=par`),
    ).toMatchObject({ status: 200 });
  });

  test("another organisation answers 403", async () => {
    const other = await new Connection(clever).get("/v2/organisations/orga_other/addons");

    expect(other).toMatchObject({ status: 403, body: { type: "error" } });
  });

  test("products, zones and public prices need no credentials, but refuse wrong ones", async () => {
    for (const path of [
      "/v2/products/addonproviders",
      "/v2/products/addonproviders/redis-addon",
      "/v4/addon-providers/redis-addon",
      "/v4/products/zones",
      "/v4/billing/price-system?zone_id=PAR&currency=EUR",
    ]) {
      expect(await ask(`${clever.url}${path}`)).toMatchObject({ status: 200 });
      expect(await ask(`${clever.bridgeUrl}${path}`, "Bearer nobody")).toMatchObject({ status: 401 });
    }
    expect(clever.violations).toEqual([]);
  });
});
