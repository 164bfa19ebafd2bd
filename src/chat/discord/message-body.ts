import { createHash } from "node:crypto";
import { MessageFlags } from "discord.js";
import type { Notification } from "../../core/notification.ts";
import { type Message, SUPPORT } from "../message.ts";
import type { CallKind } from "../outbox/delivering.ts";
import type { DiscordSupport } from "./config.ts";
import { closedMentions, supportMentions } from "./mentions.ts";
import { renderMessage } from "./render.ts";

type Kind = Notification["kind"];

/** Read when someone looks, worth no sound. */
const QUIET: ReadonlySet<Kind> = new Set<Kind>(["progress"]);

const [BLUE, GREEN, AMBER, RED] = [0x58_65_f2, 0x24_80_46, 0xf0_b2_32, 0xda_37_3c] as const;
const ACCENTS: Readonly<Partial<Record<Kind, number>>> = {
  confirmation: BLUE,
  progress: BLUE,
  "read-only-began": AMBER,
  "read-only-ended": GREEN,
  succeeded: GREEN,
  failed: RED,
};

/** News on its way into a channel or a thread. */
export interface Sent {
  readonly notification: Notification;
  readonly nonce?: string | undefined;
  /** What an edited message is found by from now on; a post goes by its nonce. */
  readonly markedBy?: string | undefined;
  readonly replyTo?: string | undefined;
}

/** What is sent to Discord for a message, mentions closed but for that of support in a new call for help. */
export function messageBody(
  call: CallKind,
  sent: Sent & { readonly message: Message },
  support: DiscordSupport,
): object {
  const { message, notification, nonce, markedBy = nonce, replyTo } = sent;
  const { kind } = notification;
  const mark = markedBy === undefined ? undefined : markOf(markedBy);
  const rendered = renderMessage(message, { support, accent: ACCENTS[kind], mark });
  const isQuiet = call === "post" && QUIET.has(kind);
  const { attachment } = message;
  return {
    ...rendered,
    flags: rendered.flags | (isQuiet ? MessageFlags.SuppressNotifications : 0),
    allowed_mentions: call === "post" && callsSupport(message) ? supportMentions(support) : closedMentions,
    ...(nonce === undefined ? {} : { nonce, enforce_nonce: true }),
    ...(replyTo === undefined
      ? {}
      : { message_reference: { message_id: replyTo, fail_if_not_exists: false } }),
    ...(attachment === undefined ? {} : { attachments: [{ id: "0", filename: attachment.name }] }),
  };
}

/** Whoever is named as support is named to be called. */
function callsSupport({ parts }: Message): boolean {
  return parts.some((part) => part.kind === "paragraph" && part.text.includes(SUPPORT));
}

/** A positive number of 31 bits that a message of this nonce carries, also when Discord has forgotten the nonce. */
export function markOf(nonce: string): number {
  return createHash("sha256").update(nonce).digest().readUInt32BE(0) & 0x7f_ff_ff_ff || 1;
}
