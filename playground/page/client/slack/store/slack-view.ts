import type { Snapshot } from "../../../../slack/index.ts";
import type { ChatView } from "../../store/chat-view.ts";
import type { MessageKey, Place, Screen } from "../../store/ui-state.ts";
import { parseMrkdwn } from "../text/parse-mrkdwn.ts";
import { errorText } from "./error-text.ts";
import { placeOfMessage, unreadOf } from "./unread.ts";

/** Slack in the words that all platforms share. */
export function slackView(slack: Snapshot): ChatView {
  return {
    name: "Slack",
    isConnected: slack.connections > 0,
    people: slack.users.map(({ id, name, realName }) => ({ id, name, displayName: realName })),
    firstScreen: { place: firstPlace(slack), thread: null },
    messageIds: () => slack.messages.map(({ ts }) => ts),
    calls: slack.notifications.map(({ userId, channelId, ts, text }) => ({
      userId,
      channelId,
      id: ts,
      text: parseMrkdwn(text),
    })),
    troubles: slack.errors.map((error) => ({
      userId: error.userId,
      ...errorText(error),
      isToldInPlace: error.kind === "view_submission",
    })),
    screenFor: (message, open) => screenFor(slack, message, open),
    unread: (reads, userId) => unreadOf(slack, reads, userId),
  };
}

/** A person starts in the first channel they are in. */
function firstPlace({ channels }: Snapshot): Place {
  const channel = channels.find(({ kind }) => kind !== "im");
  return channel ? { kind: "channel", channelId: channel.id } : { kind: "activity" };
}

/** A reply opens with its thread, a message of the channel in the channel. */
function screenFor(slack: Snapshot, { channelId, id }: MessageKey, open: Screen): Screen | undefined {
  const channel = slack.channels.find((one) => one.id === channelId);
  const message = placeOfMessage(slack, { channelId, ts: id });
  if (!channel || !message) return undefined;
  const place: Place = channel.kind === "im" ? { kind: "app" } : { kind: "channel", channelId };
  const { threadTs } = message;
  return { place, thread: threadTs === undefined ? open.thread : { channelId, id: threadTs } };
}
