import { WebAPIPlatformError, WebClient } from "@slack/web-api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { defaultScopes, type LocalSlack, startLocalSlack } from "../../playground/slack/index.ts";
import { post } from "./slack-sample-app.ts";

const databases = "C0DATABASES";

describe("the Web API", () => {
  let slack: LocalSlack;
  let client: WebClient;

  beforeEach(async () => {
    slack = await startLocalSlack({
      channels: [
        { name: "databases" },
        { name: "elsewhere", hasBot: false },
        { name: "secret", kind: "private", hasBot: false },
        { name: "old", isArchived: true },
      ],
    });
    client = clientWith(slack.botToken);
  });

  afterEach(() => slack.close());

  function clientWith(token: string): WebClient {
    return new WebClient(token, { slackApiUrl: slack.url, retryConfig: { retries: 0 } });
  }

  async function errorOf(call: Promise<unknown>): Promise<Record<string, unknown>> {
    const error: unknown = await call.then(
      () => new Error("the call succeeded"),
      (error: unknown) => error,
    );
    if (error instanceof WebAPIPlatformError) return { ...error.data };
    throw error;
  }

  test("says who the bot is", async () => {
    expect(await client.auth.test()).toMatchObject({ ok: true, user_id: "U0GODWIT", team_id: "T0LOCAL" });
  });

  test("tells the granted scopes in a header of every answer", async () => {
    const answer = await client.auth.test();
    expect(answer.response_metadata?.scopes).toEqual(defaultScopes);
  });

  test("refuses unknown tokens, missing tokens, revoked tokens and tokens of the wrong kind", async () => {
    expect(await errorOf(clientWith("xoxb-wrong").auth.test())).toMatchObject({ error: "invalid_auth" });
    expect(await errorOf(clientWith("").auth.test())).toMatchObject({ error: "not_authed" });
    const asApp = post(clientWith(slack.appToken), { channel: databases, text: "hi" });
    expect(await errorOf(asApp)).toMatchObject({ error: "not_allowed_token_type" });
    slack.revokeToken();
    expect(await errorOf(client.auth.test())).toMatchObject({ error: "token_revoked" });
  });

  test("names the scope a call needs and those the token has", async () => {
    slack.grantScopes(["commands", "users:read"]);
    expect(await errorOf(post(client, { channel: databases, text: "hi" }))).toMatchObject({
      error: "missing_scope",
      needed: "chat:write",
      provided: "commands,users:read",
    });
  });

  test("does not know methods it does not speak", async () => {
    expect(await errorOf(client.apiCall("chat.startStream"))).toMatchObject({ error: "unknown_method" });
  });

  test("takes JSON bodies as well as forms", async () => {
    const answer = await fetch(`${slack.url}chat.postMessage`, {
      method: "POST",
      headers: { authorization: `Bearer ${slack.botToken}`, "content-type": "application/json" },
      body: JSON.stringify({ channel: databases, blocks: [{ type: "divider" }], text: "hi" }),
    });
    expect(await answer.json()).toMatchObject({ ok: true, message: { blocks: [{ type: "divider" }] } });
  });

  test("posts only where the bot is, unless it may post in public channels", async () => {
    const elsewhere = { channel: slack.channel("#elsewhere").id, text: "hi" };
    const secret = { channel: slack.channel("#secret").id, text: "hi" };
    expect(await errorOf(post(client, elsewhere))).toMatchObject({ error: "not_in_channel" });
    expect(await errorOf(post(client, secret))).toMatchObject({ error: "channel_not_found" });
    expect(await errorOf(post(client, { ...elsewhere, channel: slack.channel("#old").id }))).toMatchObject({
      error: "is_archived",
    });
    slack.grantScopes([...defaultScopes, "chat:write.public"]);
    expect(await post(client, elsewhere)).toMatchObject({ ok: true });
    expect(await errorOf(post(client, secret))).toMatchObject({ error: "channel_not_found" });
    slack.channel("#secret").inviteBot();
    expect(await post(client, secret)).toMatchObject({ ok: true });
  });

  test("tells guests, strangers, bots and deleted people apart", async () => {
    slack.addUser({ name: "gone", kind: "deleted" });
    slack.addUser({ name: "ultra", kind: "ultra-guest" });
    const info = async (name: string) =>
      (await client.users.info({ user: slack.user(name).id })).user as Record<string, unknown>;
    expect(await info("alice")).toMatchObject({ is_restricted: false, team_id: "T0LOCAL" });
    expect((await info("alice")).is_stranger).toBeUndefined();
    expect(await info("gina")).toMatchObject({ is_restricted: true, is_ultra_restricted: false });
    expect(await info("ultra")).toMatchObject({ is_restricted: true, is_ultra_restricted: true });
    expect(await info("eve")).toMatchObject({ is_stranger: true, team_id: "T0STRANGER" });
    expect(await info("gone")).toMatchObject({ deleted: true });
    expect(await info("godwit")).toMatchObject({ is_bot: true });
    expect(await errorOf(client.users.info({ user: "U0NOBODY" }))).toMatchObject({ error: "user_not_found" });
  });

  test("lists user groups and their members, disabled ones only on request", async () => {
    slack.addGroup({ id: "S0OLD", handle: "old", users: ["bob"], isDisabled: true });
    const listed = await client.usergroups.list({ include_users: true });
    expect(listed.usergroups).toMatchObject([{ id: "S0SUPPORT", handle: "support", users: ["U0SAM"] }]);
    expect((await client.usergroups.list({ include_disabled: true })).usergroups).toHaveLength(2);
    expect(await client.usergroups.users.list({ usergroup: "S0SUPPORT" })).toMatchObject({
      users: ["U0SAM"],
    });
  });

  test("shows a channel with its flags, and a direct conversation", async () => {
    slack.addChannel({ name: "shared", isExtShared: true });
    const shared = await client.conversations.info({ channel: slack.channel("shared").id });
    expect(shared.channel).toMatchObject({ name: "shared", is_ext_shared: true, is_private: false });
    const opened = await client.conversations.open({ users: slack.user("alice").id });
    expect(await post(client, { channel: opened.channel?.id ?? "", text: "psst" })).toMatchObject({
      ok: true,
    });
  });
});
