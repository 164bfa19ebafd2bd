import type { KeptMessage, Records } from "../../core/records.ts";
import type { Violation } from "./audit.ts";

/** The messages of each thread are sent in their order, each once. */
export function messagesKeepOrder({ migration, messages }: Records): Violation[] {
  const threads = new Set(messages.map(({ threadKey }) => threadKey));
  return [...threads].flatMap((thread) =>
    threadKeepsOrder(
      thread,
      messages.filter(({ threadKey }) => threadKey === thread),
    ).map((what) => ({ invariant: "messages-in-order" as const, migrationId: migration.id, what })),
  );
}

function threadKeepsOrder(thread: string, messages: readonly KeptMessage[]): string[] {
  const wrong: string[] = [];
  const posted = new Map<string, number>();
  let waiting: number | undefined;
  let sentAt = 0;
  for (const [index, message] of messages.entries()) {
    const { sequence, status, remoteId } = message;
    if (sequence !== index + 1) wrong.push(`Message ${index + 1} of ${thread} is missing or stands twice.`);
    if (status === "pending" || status === "sending") waiting ??= sequence;
    if (status !== "sent") continue;
    if (waiting !== undefined)
      wrong.push(`Message ${sequence} of ${thread} was sent, and message ${waiting} before it was not.`);
    if ((message.sentAt?.getTime() ?? 0) < sentAt)
      wrong.push(`Message ${sequence} of ${thread} was sent before the one before it.`);
    sentAt = message.sentAt?.getTime() ?? sentAt;
    if (remoteId === null)
      wrong.push(`Message ${sequence} of ${thread} was sent, and nobody knows where to.`);
    else if (message.kind === "post" && posted.has(remoteId))
      wrong.push(`Messages ${posted.get(remoteId)} and ${sequence} of ${thread} are one message.`);
    if (remoteId !== null && message.kind === "post") posted.set(remoteId, sequence);
  }
  return wrong;
}
