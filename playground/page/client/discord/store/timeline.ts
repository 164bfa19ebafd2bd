import type { Snapshot } from "../../../../discord/index.ts";
import { type Row, toRows } from "../../store/rows.ts";
import type { DiscordState } from "./discord-state.ts";

export type Message = Snapshot["messages"][number];
export type Shown = Message | Snapshot["ephemerals"][number];
export type InteractionState = Snapshot["interactions"][string][number];

/** A line of a channel: a message, or a command that has no answer. */
export type Item =
  | { readonly kind: "message"; readonly message: Shown }
  | { readonly kind: "attempt"; readonly interaction: InteractionState };

/** The card below a message that a thread was started from. */
export interface ThreadSummary {
  readonly id: string;
  readonly name: string;
  readonly isArchived: boolean;
  readonly messageCount: number;
  readonly last: Message | undefined;
}

const followUpSeconds = 7 * 60;

/** What a person sees in a channel or thread, oldest first. */
export function channelItems({ discord, actingAs, dismissed }: DiscordState, channelId: string): Item[] {
  const open = discord.messages.filter((message) => message.channelId === channelId);
  const mine = discord.ephemerals.filter(
    (message) =>
      message.channelId === channelId && message.ephemeralFor === actingAs && !dismissed.has(message.id),
  );
  const attempts = (discord.interactions[actingAs] ?? []).filter(
    ({ kind, state, id, channelId: where }) =>
      kind === "command" &&
      where === channelId &&
      !dismissed.has(id) &&
      (state === "failed" || state === "waiting"),
  );
  const items: Item[] = [
    ...[...open, ...mine].map((message): Item => ({ kind: "message", message })),
    ...attempts.map((interaction): Item => ({ kind: "attempt", interaction })),
  ];
  return items.toSorted((left, right) => (idOfItem(left) < idOfItem(right) ? -1 : 1));
}

export function idOfItem(item: Item): string {
  return item.kind === "message" ? item.message.id : item.interaction.id;
}

/** The message a thread was started from; undefined when it stands by itself. */
export function starterOf(discord: Snapshot, threadId: string): Message | undefined {
  const starterId = discord.channels.find(({ id }) => id === threadId)?.thread?.starterMessageId;
  return discord.messages.find(({ id }) => id === starterId);
}

export function threadSummary(discord: Snapshot, threadId: string): ThreadSummary | undefined {
  const channel = discord.channels.find(({ id }) => id === threadId);
  if (!channel?.thread) return undefined;
  const messages = discord.messages.filter(({ channelId }) => channelId === threadId);
  const { id, name } = channel;
  const { isArchived } = channel.thread;
  return { id, name, isArchived, messageCount: messages.length, last: messages.at(-1) };
}

/** What became of the last thing a person pressed or chose in a message. */
export function lastPress(
  { discord, actingAs }: DiscordState,
  messageId: string,
): InteractionState | undefined {
  return discord.interactions[actingAs]?.findLast(
    (interaction) => interaction.kind === "component" && interaction.messageId === messageId,
  );
}

export function discordRows(items: readonly Item[]): Row<Item>[] {
  return toRows(items, {
    followUpSeconds,
    factsOf: (item) => {
      if (item.kind === "attempt") return alone(item.interaction.createdAtMs, item.interaction.id);
      const { message } = item;
      if ("ephemeralFor" in message) return alone(message.createdAtMs, message.authorId);
      return {
        date: new Date(message.createdAtMs),
        authorId: message.authorId,
        beginsGroup: isAnswer(message),
        endsGroup: false,
      };
    },
  });
}

/** Answers say above themselves what they answer. */
function isAnswer({ interaction, referencedId }: Message): boolean {
  return interaction?.kind === "command" || referencedId !== null;
}

function alone(createdAtMs: number, authorId: string) {
  return { date: new Date(createdAtMs), authorId, beginsGroup: true, endsGroup: true };
}
