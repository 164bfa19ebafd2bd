import { type ChatInputCommandInteraction, type Client, type Interaction, MessageFlags } from "discord.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LocalDiscord, startLocalDiscord } from "../../playground/discord/index.ts";
import {
  type Answer,
  askStatus,
  failureOf,
  onCommand,
  registerCommands,
  startClient,
} from "./discord-sample-app.ts";

const minuteMs = 60_000;

describe("interactions", () => {
  let discord: LocalDiscord;
  const clients: Client[] = [];

  beforeEach(async () => {
    discord = await startLocalDiscord({ interactionTimeoutMs: 300 });
    await registerCommands(discord);
  });

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.destroy()));
    await discord.close();
  });

  async function connect(onInteraction: (interaction: Interaction) => unknown): Promise<void> {
    clients.push(await startClient(discord, onInteraction));
  }

  /** The interaction behind `/db status`, once `answer` is through with it. */
  const afterCommand = (answer: Answer): Promise<ChatInputCommandInteraction> =>
    askStatus(discord, answer, clients);

  test("one that is not answered shows the person that the application did not respond", async () => {
    let late: ChatInputCommandInteraction | undefined;
    await connect(onCommand((interaction) => (late = interaction)));
    const alice = discord.user("alice");
    expect(await alice.command("/db status")).toMatchObject({ acked: false, error: "did_not_respond" });
    expect(alice.errors).toMatchObject([{ kind: "command", detail: "The application did not respond" }]);
    expect(discord.user("bob").errors).toEqual([]);
    expect(discord.ackLatencies).toMatchObject([{ kind: "command", acked: false }]);
    expect(await failureOf(late!.reply("too late"))).toMatchObject({ code: 10_062, status: 404 });
    expect(discord.snapshot().interactions[alice.id]).toMatchObject([{ state: "failed" }]);
  });

  test("an answer after the clock moved past three seconds is refused", async () => {
    let error: unknown;
    await connect(
      onCommand(async (interaction) => {
        discord.clock.advance(3001);
        error = await failureOf(interaction.deferReply());
      }),
    );
    await discord.user("alice").command("/db status");
    expect(error).toMatchObject({ code: 10_062 });
  });

  test("a second first response is refused and recorded", async () => {
    const interaction = await afterCommand((interaction) => interaction.reply("one"));
    const again = interaction.client.rest.post(
      `/interactions/${interaction.id}/${interaction.token}/callback`,
      {
        body: { type: 4, data: { content: "two", allowed_mentions: { parse: [] } } },
        auth: false,
      },
    );
    expect(await failureOf(again)).toMatchObject({ code: 40_060, status: 400 });
    expect(discord.violations).toMatchObject([{ code: 40_060 }]);
  });

  test("a token is good for fifteen minutes", async () => {
    const interaction = await afterCommand((interaction) => interaction.deferReply());
    discord.clock.advance(14 * minuteMs);
    await interaction.editReply("still here");
    discord.clock.advance(minuteMs);
    expect(await failureOf(interaction.editReply("gone"))).toMatchObject({ code: 50_027, status: 401 });
    expect(await failureOf(interaction.followUp("gone"))).toMatchObject({ code: 50_027 });
    expect(discord.violations).toMatchObject([{ code: 50_027 }, { code: 50_027 }]);
    expect(
      discord
        .channel("#databases")
        .messages()
        .map((message) => message.text()),
    ).toEqual(["still here"]);
  });

  test("a deferred answer thinks until it is filled in, which is no edit and rings", async () => {
    const interaction = await afterCommand((interaction) => interaction.deferReply());
    const [answer] = discord.channel("#databases").messages();
    expect(answer?.text()).toBe("Godwit is thinking…");
    expect(discord.snapshot().interactions[discord.user("alice").id]).toMatchObject([{ state: "thinking" }]);
    const bob = discord.user("bob");
    await interaction.editReply({ content: `<@${bob.id}>`, allowedMentions: { users: [bob.id] } });
    expect(answer?.text()).toBe("@bob");
    expect(answer?.raw.isMarkedEdited).toBe(false);
    expect(bob.notifications).toMatchObject([{ cause: "user" }]);
    await interaction.editReply("changed");
    expect(answer?.raw.isMarkedEdited).toBe(true);
    expect(bob.notifications).toHaveLength(1);
  });

  test("an ephemeral answer is only its person's, and out of the bot token's reach", async () => {
    const interaction = await afterCommand((interaction) =>
      interaction.reply({ content: "psst", flags: MessageFlags.Ephemeral }),
    );
    const [secret] = discord.user("alice").ephemerals;
    expect(secret?.text()).toBe("psst");
    expect(discord.user("bob").ephemerals).toEqual([]);
    expect(discord.channel("#databases").messages()).toEqual([]);
    const path = `/channels/${interaction.channelId}/messages/${secret?.id}` as const;
    expect(await failureOf(interaction.client.rest.get(path))).toMatchObject({ code: 10_008 });
    const thread = interaction.client.rest.post(`${path}/threads`, { body: { name: "t" } });
    expect(await failureOf(thread)).toMatchObject({ code: 10_008 });
    expect((await interaction.fetchReply()).content).toBe("psst");
    await interaction.deleteReply();
    expect(discord.user("alice").ephemerals).toEqual([]);
  });

  test("follow-ups hang below the answer, and the first after a deferral fills it in", async () => {
    const interaction = await afterCommand((interaction) => interaction.deferReply());
    await interaction.followUp("first");
    await interaction.followUp("second");
    await interaction.followUp({ content: "third", flags: MessageFlags.Ephemeral });
    const messages = discord.channel("#databases").messages();
    expect(messages.map((message) => message.text())).toEqual(["first", "second"]);
    expect(messages[1]?.raw.referencedId).toBe(messages[0]?.id);
    expect(discord.user("alice").ephemerals.map((message) => message.text())).toEqual(["third"]);
  });

  test("the response tells the message it made", async () => {
    const interaction = await afterCommand(async (interaction) => {
      const { resource } = await interaction.reply({ content: "hello", withResponse: true });
      expect(resource?.message?.content).toBe("hello");
    });
    const { interactionMetadata } = await interaction.fetchReply();
    expect(interactionMetadata).toMatchObject({ id: interaction.id });
  });
});
