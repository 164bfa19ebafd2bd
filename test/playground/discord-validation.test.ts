import { type Client, type REST, Routes } from "discord.js";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type LocalDiscord, startLocalDiscord } from "../../playground/discord/index.ts";
import {
  button,
  input,
  label,
  option,
  refusedCallbacks,
  refusedMessages,
  row,
  select,
  text,
} from "./discord-refused-bodies.ts";
import { refusedCommands } from "./discord-refused-commands.ts";
import { failureOf, makeRest, onCommand, registerCommands, startClient } from "./discord-sample-app.ts";

const nobody = { parse: [] };
const v2 = 1 << 15;

/** The `_errors` lists of an answer, by path. */
function errorPaths(errors: unknown, path = ""): string[] {
  if (typeof errors !== "object" || errors === null) return [];
  return Object.entries(errors).flatMap(([key, inner]) =>
    key === "_errors" ? [path] : errorPaths(inner, `${path}/${key}`),
  );
}

describe("what Discord would refuse", () => {
  let discord: LocalDiscord;
  let rest: REST;
  let client: Client;
  let callback: object = {};
  let tellOutcome: (outcome: unknown) => void = () => {};
  let seen = 0;

  beforeAll(async () => {
    discord = await startLocalDiscord();
    rest = makeRest(discord);
    await registerCommands(discord);
    client = await startClient(
      discord,
      onCommand(async ({ id, token }) => {
        const path = `/interactions/${id}/${token}/callback` as const;
        const outcome = await failureOf(rest.post(path, { body: callback, auth: false }));
        const still = { type: 4, data: { content: "still possible", allowed_mentions: nobody } };
        await failureOf(rest.post(path, { body: still, auth: false }));
        tellOutcome(outcome);
      }),
    );
  });

  beforeEach(() => {
    seen = discord.violations.length;
  });

  afterAll(async () => {
    await client.destroy();
    await discord.close();
  });

  const channel = (): string => discord.channel("#databases").id;
  const post = (body: object): Promise<unknown> => rest.post(Routes.channelMessages(channel()), { body });
  const commands = (): `/${string}` =>
    Routes.applicationGuildCommands(discord.applicationId, discord.guildId);

  function expectRefusal(error: unknown, at: string): void {
    expect(error).toMatchObject({ code: 50_035, status: 400 });
    const { rawError } = error as { rawError: { errors: unknown } };
    expect(errorPaths(rawError.errors)).toContain(at);
    const found = discord.violations.slice(seen).flatMap(({ messages }) => messages);
    expect(found.some((message) => message.startsWith(`${at} `))).toBe(true);
  }

  async function respond(body: object): Promise<unknown> {
    callback = body;
    const outcome = new Promise((resolve) => {
      tellOutcome = resolve;
    });
    await discord.user("alice").command("/db status");
    return outcome;
  }

  test.each(refusedMessages)("refuses a message with $why", async ({ body, at }) => {
    expectRefusal(await failureOf(post(body)), at);
  });

  test.each(refusedCallbacks)("refuses $why", async ({ body, at }) => {
    expectRefusal(await respond(body), at);
  });

  test.each(refusedCommands)("refuses a command with $why", async ({ body, at }) => {
    expectRefusal(await failureOf(rest.put(commands(), { body })), at);
  });

  test.each([
    ["a name of 101 characters", { name: "x".repeat(101) }, "/name"],
    [
      "a time to archive that is not offered",
      { name: "x", auto_archive_duration: 5 },
      "/auto_archive_duration",
    ],
  ])("refuses a thread with %s", async (_, body, at) => {
    const { id } = (await post({ content: "root", allowed_mentions: nobody })) as { id: string };
    expectRefusal(await failureOf(rest.post(Routes.threads(channel(), id), { body })), at);
  });

  test("refuses an edit that puts Components V2 over content, unless it empties it", async () => {
    const { id } = (await post({ content: "old", allowed_mentions: nobody })) as { id: string };
    const path = Routes.channelMessage(channel(), id);
    const components = [text("new")];
    const edit = { flags: v2, allowed_mentions: nobody, components };
    expectRefusal(await failureOf(rest.patch(path, { body: edit })), "/content");
    await rest.patch(path, { body: { ...edit, content: null } });
    await rest.patch(path, { body: { allowed_mentions: nobody, components: [text("newer")] } });
    const back = { content: "plain", allowed_mentions: nobody, components: [] };
    expectRefusal(await failureOf(rest.patch(path, { body: back })), "/content");
  });

  test("a secret is found in a file, too", async () => {
    const body = { content: "log", allowed_mentions: nobody };
    const files = [{ name: "log.txt", data: Buffer.from("DATABASE_URL=mysql://u:p4ss@h/d") }];
    const error = await failureOf(rest.post(Routes.channelMessages(channel()), { body, files }));
    expectRefusal(error, "/files/log.txt");
  });

  test("takes what is just inside the limits", async () => {
    const accepted = [
      { content: "x".repeat(2000), nonce: "x".repeat(25), enforce_nonce: true, tts: false },
      { content: "https://user@host.example/ and postgres://orders@host" },
      { components: [row(button("a"), button("b", { label: null, emoji: { name: "🐦" } }))] },
      { components: [row(select([option("a"), option("b")], { max_values: 2, min_values: 0 }))] },
      { flags: v2, components: Array.from({ length: 40 }, () => text("x".repeat(100))) },
    ];
    for (const body of accepted) await post({ allowed_mentions: nobody, ...body });
    const fields = ["a", "b", "c", "d"].map((name) => label(input(name)));
    const modal = { type: 9, data: { custom_id: "m", title: "M", components: [text(), ...fields] } };
    expect(await respond(modal)).toBe("the call succeeded");
    const answered = {
      type: 4,
      data: { content: "x", flags: 64, allowed_mentions: nobody, enforce_nonce: false },
    };
    expect(await respond(answered)).toBe("the call succeeded");
    await rest.put(commands(), {
      body: [
        { name: "db", description: "Databases", default_member_permissions: "8", nsfw: false },
        { name: "Migration report", type: 3 },
      ],
    });
    expect(discord.violations.length).toBe(seen + 2);
    expect(discord.violations.slice(seen).map(({ code }) => code)).toEqual([40_060, 40_060]);
  });
});
