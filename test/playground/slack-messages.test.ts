import { WebAPIPlatformError, WebClient } from "@slack/web-api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { defaultScopes, type LocalSlack, startLocalSlack } from "../../playground/slack/index.ts";
import { post } from "./slack-sample-app.ts";

const databases = "C0DATABASES";

describe("messages", () => {
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

  test("refuses a message without content and cuts text at 40,000 characters", async () => {
    expect(await errorOf(post(client, { channel: databases, text: "" }))).toMatchObject({ error: "no_text" });
    const posted = await post(client, { channel: databases, text: "é".repeat(40_001) });
    expect(posted.message?.text).toHaveLength(40_000);
  });

  test("an edit with text alone removes the blocks, keeps the metadata and marks the message", async () => {
    slack.grantScopes([...defaultScopes, "channels:history"]);
    const metadata = { event_type: "migration", event_payload: { id: "m1" } };
    const posted = await post(client, {
      channel: databases,
      text: "a",
      blocks: [{ type: "divider" }],
      metadata,
    });
    const ts = posted.ts ?? "";
    await client.chat.update({ channel: databases, ts, text: "b", blocks: [{ type: "divider" }] });
    expect(slack.channel("#databases").messages()[0]?.raw).toMatchObject({ isMarkedEdited: false });
    await client.chat.update({ channel: databases, ts, text: "c" });
    const replies = await client.conversations.replies({
      channel: databases,
      ts,
      include_all_metadata: true,
    });
    expect(replies.messages?.[0]).toMatchObject({ text: "c", metadata, edited: { user: "U0GODWIT" } });
    expect(replies.messages?.[0]?.blocks).toBeUndefined();
  });

  test("edits and deletes only the bot's own messages", async () => {
    const { ts } = slack.user("alice").say("hello", { channel: "#databases" });
    const key = { channel: databases, ts };
    expect(await errorOf(client.chat.update({ ...key, text: "x" }))).toMatchObject({
      error: "cant_update_message",
    });
    expect(await errorOf(client.chat.delete(key))).toMatchObject({ error: "cant_delete_message" });
    const missing = { channel: databases, ts: "1.000001" };
    expect(await errorOf(client.chat.update({ ...missing, text: "x" }))).toMatchObject({
      error: "message_not_found",
    });
  });

  test("refuses an edit whose text is longer than 4,000 bytes", async () => {
    const posted = await post(client, { channel: databases, text: "a" });
    const edit = { channel: databases, ts: posted.ts ?? "", text: "é".repeat(2001) };
    expect(await errorOf(client.chat.update(edit))).toMatchObject({ error: "msg_too_long" });
    expect(slack.violations).toHaveLength(1);
  });

  test("keeps replies in the thread, and in the channel too when broadcast", async () => {
    const parent = await post(client, { channel: databases, text: "parent" });
    const thread = { channel: databases, thread_ts: parent.ts ?? "" };
    const reply = await post(client, { ...thread, text: "reply" });
    await post(client, { ...thread, text: "loud", reply_broadcast: true });
    expect(
      slack
        .channel("#databases")
        .messages()
        .map((message) => message.text()),
    ).toEqual(["parent", "loud"]);
    const nested = post(client, { channel: databases, thread_ts: reply.ts ?? "", text: "deeper" });
    expect(await errorOf(nested)).toMatchObject({ error: "cannot_reply_to_message" });
    const nowhere = post(client, { channel: databases, thread_ts: "1.000001", text: "lost" });
    expect(await errorOf(nowhere)).toMatchObject({ error: "thread_not_found" });
  });

  test("a reply's permalink carries its thread", async () => {
    const parent = await post(client, { channel: databases, text: "parent" });
    const reply = await post(client, { channel: databases, thread_ts: parent.ts ?? "", text: "reply" });
    const link = await client.chat.getPermalink({ channel: databases, message_ts: reply.ts ?? "" });
    expect(link.permalink).toBe(
      `https://local.slack.com/archives/C0DATABASES/p${reply.ts?.replace(".", "")}?thread_ts=${parent.ts}&cid=C0DATABASES`,
    );
  });

  test("reads a thread back only with a history scope", async () => {
    const metadata = { event_type: "migration", event_payload: { id: "m1" } };
    const parent = await post(client, { channel: databases, text: "parent", metadata });
    const read = () => client.conversations.replies({ channel: databases, ts: parent.ts ?? "" });
    expect(await errorOf(read())).toMatchObject({ error: "missing_scope", needed: "channels:history" });
    slack.grantScopes([...defaultScopes, "channels:history"]);
    const { messages } = await read();
    expect(messages).toHaveLength(1);
    expect(messages?.[0]?.metadata).toBeUndefined();
  });

  test("takes a file in three steps and shows it in the thread", async () => {
    const parent = await post(client, { channel: databases, text: "parent" });
    await client.files.uploadV2({
      channel_id: databases,
      thread_ts: parent.ts ?? "",
      filename: "report.md",
      title: "Report",
      content: "# Done",
      initial_comment: "The report",
    });
    const reply = await slack.channel("#databases").messages()[0]?.thread().waitFor("The report");
    expect(reply?.raw.files).toMatchObject([{ title: "Report", content: "# Done" }]);
  });

  test("refuses an upload of another size than announced, and files that were not uploaded", async () => {
    const { upload_url = "", file_id = "" } = await client.files.getUploadURLExternal({
      filename: "a",
      length: 2,
    });
    const upload = await fetch(upload_url, { method: "POST", body: "too long" });
    expect(upload.status).toBe(400);
    const complete = client.files.completeUploadExternal({ files: [{ id: file_id }], channel_id: databases });
    expect(await errorOf(complete)).toMatchObject({ error: "file_upload_not_completed" });
  });

  test("new messages notify the people they mention; edits, escapes and rich_text text do not", async () => {
    const posted = await post(client, {
      channel: databases,
      text: "hi <@U0BOB> and <!subteam^S0SUPPORT|@support>",
    });
    expect(slack.user("bob").notifications).toHaveLength(1);
    expect(slack.user("sam").notifications).toHaveLength(1);
    await client.chat.update({ channel: databases, ts: posted.ts ?? "", text: "now <@U0ALICE>" });
    await post(client, { channel: databases, text: "&lt;@U0ALICE&gt;" });
    const literal = {
      type: "rich_text_section" as const,
      elements: [{ type: "text" as const, text: "<@U0ALICE>" }],
    };
    await post(client, {
      channel: databases,
      text: "x",
      blocks: [{ type: "rich_text", elements: [literal] }],
    });
    expect(slack.user("alice").notifications).toEqual([]);
    const real = {
      type: "rich_text_section" as const,
      elements: [{ type: "user" as const, user_id: "U0ALICE" }],
    };
    await post(client, { channel: databases, text: "x", blocks: [{ type: "rich_text", elements: [real] }] });
    expect(slack.user("alice").notifications).toMatchObject([{ cause: "user" }]);
  });

  test("an ephemeral message reaches one member of the channel", async () => {
    const alice = slack.user("alice");
    await client.chat.postEphemeral({ channel: databases, user: alice.id, text: "only you" });
    expect((await alice.waitForEphemeral("only you")).text()).toBe("only you");
    expect(slack.user("bob").ephemerals).toEqual([]);
    expect(slack.channel("#databases").messages()).toEqual([]);
    const outsider = client.chat.postEphemeral({ channel: databases, user: "U0NOBODY", text: "x" });
    expect(await errorOf(outsider)).toMatchObject({ error: "user_not_in_channel" });
  });

  test("a mention reaches members of the channel only, and a disabled group nobody", async () => {
    slack.addGroup({ id: "S0OLD", handle: "old", users: ["bob"], isDisabled: true });
    slack.addChannel({ name: "few", members: ["alice", "bob"] });
    const text = "<!subteam^S0SUPPORT> <!subteam^S0OLD> <!here>";
    await post(client, { channel: slack.channel("few").id, text });
    expect(slack.user("sam").notifications).toEqual([]);
    expect(slack.user("bob").notifications).toMatchObject([{ cause: "broadcast" }]);
  });

  test("reads a channel back newest first, page by page, without replies", async () => {
    slack.grantScopes([...defaultScopes, "channels:history"]);
    const first = await post(client, { channel: databases, text: "1" });
    await post(client, { channel: databases, thread_ts: first.ts ?? "", text: "reply" });
    await post(client, { channel: databases, text: "2" });
    await post(client, { channel: databases, text: "3" });
    const texts = [];
    for await (const page of client.paginate("conversations.history", { channel: databases, limit: 2 })) {
      texts.push((page as { messages?: { text: string }[] }).messages?.map(({ text }) => text));
    }
    expect(texts).toEqual([["3", "2"], ["1"]]);
  });
});
