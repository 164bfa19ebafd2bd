import { hasFlag, messageFlags } from "../flags.ts";
import type { Channel, Message, Notification } from "../model.ts";
import { isPermitted, permissions } from "../permissions.ts";
import { namesFrom } from "../render/names.ts";
import { renderText } from "../render/render-text.ts";
import type { World } from "../world.ts";
import { findMentions, type Mention } from "./find-mentions.ts";
import { botPermissionsIn } from "./reach-channel.ts";
import { addToThread } from "./threads.ts";

/** "Discord, Allowed Mentions Object"; left out, everything in the text counts. */
export interface AllowedMentions {
  readonly parse?: readonly (string | null)[] | null;
  readonly users?: readonly (string | null)[] | null;
  readonly roles?: readonly (string | null)[] | null;
}

const everything: AllowedMentions = { parse: ["users", "roles", "everyone"] };

/**
 * Rings the people a new message mentions, as far as `allowed_mentions` lets it; edits never notify. A role rings when
 * it is mentionable or the author may mention everyone. In a thread, those who are rung are added to it.
 */
export function notify(
  world: World,
  message: Message,
  allowed: AllowedMentions | null | undefined = everything,
): void {
  const channel = world.directory.channels.get(message.channelId);
  if (!channel) return;
  const mayMentionAll = mayMentionEveryone(world, message, channel);
  const present = world.directory.membersOf(channel);
  const reached = new Set<string>();
  for (const mention of findMentions(message)) {
    if (!isAllowed(mention, allowed ?? everything)) continue;
    for (const userId of peopleBehind(world, mention, { present, mayMentionAll })) {
      if (reached.has(userId) || !present.includes(userId) || userId === message.authorId) continue;
      reached.add(userId);
      addToThread(world, channel, userId);
      ring(world, message, { userId, cause: mention.kind });
    }
  }
}

function mayMentionEveryone(world: World, message: Message, channel: Channel): boolean {
  const isBot = message.authorId === world.settings.applicationId;
  const held = isBot
    ? botPermissionsIn(world, channel)
    : world.directory.permissionsOf(world.directory.findUser(message.authorId));
  return isPermitted(held, permissions.mentionEveryone);
}

function isAllowed(mention: Mention, allowed: AllowedMentions): boolean {
  const parse = allowed.parse ?? [];
  switch (mention.kind) {
    case "user":
      return parse.includes("users") || (allowed.users ?? []).includes(mention.id);
    case "role":
      return parse.includes("roles") || (allowed.roles ?? []).includes(mention.id);
    case "everyone":
      return parse.includes("everyone");
  }
}

function peopleBehind(
  world: World,
  mention: Mention,
  reach: { present: readonly string[]; mayMentionAll: boolean },
): readonly string[] {
  if (mention.kind === "user") return [mention.id];
  if (mention.kind === "everyone") return reach.mayMentionAll ? reach.present : [];
  const role = world.directory.roles.get(mention.id);
  if (!role || !(role.mentionable || reach.mayMentionAll)) return [];
  return [...world.directory.users.values()]
    .filter(({ roles }) => roles.includes(role.id))
    .map(({ id }) => id);
}

function ring(world: World, message: Message, to: Pick<Notification, "userId" | "cause">): void {
  if (hasFlag(message.flags, messageFlags.suppressNotifications)) return;
  const text = renderText(message, namesFrom(world.directory));
  const notification = { ...to, channelId: message.channelId, messageId: message.id, text };
  world.notifications.push(notification);
  world.feed.emit({ kind: "notification", notification });
}
