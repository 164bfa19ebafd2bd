import { z } from "zod";

/** Slack counts characters, not UTF-16 units. */
export function countCharacters(text: string): number {
  return Array.from(text).length;
}

/** A string of `min` to `max` characters, both included. */
export function chars(max: number, min = 1): z.ZodString {
  return z
    .string()
    .refine((text) => countCharacters(text) >= min, { error: `must be more than ${min - 1} characters` })
    .refine((text) => countCharacters(text) <= max, { error: `must be less than ${max + 1} characters` });
}

export const identifier = chars(255).optional();

export function plainText(max: number) {
  return z.strictObject({
    type: z.literal("plain_text"),
    text: chars(max),
    emoji: z.boolean().optional(),
  });
}

export function mrkdwn(max: number) {
  return z.strictObject({
    type: z.literal("mrkdwn"),
    text: chars(max),
    verbatim: z.boolean().optional(),
  });
}

export function anyText(max: number) {
  return z.discriminatedUnion("type", [plainText(max), mrkdwn(max)]);
}

/** Limits: title 100, text 300, confirm and deny 30 (@slack/types, Confirm). */
export const confirmDialog = z.strictObject({
  title: plainText(100).optional(),
  text: anyText(300),
  confirm: plainText(30).optional(),
  deny: plainText(30).optional(),
  style: z.enum(["primary", "danger"]).optional(),
});

export const placeholder = plainText(150).optional();

export type TextObject = z.infer<ReturnType<typeof anyText>>;
