import type { z } from "zod";
import { duration, list, record, slackId, snowflake, text } from "../validation/fields.ts";

/** Whom to page in Slack. */
export interface SlackSupport {
  readonly usergroup: string | null;
  readonly users: readonly string[];
}

/** Whom to page in Discord. */
export interface DiscordSupport {
  readonly role: string | null;
  readonly users: readonly string[];
}

/** Whom to call when a migration cannot go on by itself; null where nobody is named. */
export interface SupportConfig {
  readonly slack: SlackSupport | null;
  readonly discord: DiscordSupport | null;
  readonly email: string | null;
  /** A call that nobody acknowledged is repeated, once, after this many milliseconds. */
  readonly escalateAfterMs: number;
}

const slack = record({ usergroup: slackId("S0SUPPORT").optional(), users: list(slackId("U012AB3CD")) });
const discord = record({
  role: snowflake('"100000000000000001"').optional(),
  users: list(snowflake('"100000000000000002"')),
});

/** The `support` section. */
export const supportSchema: z.ZodType<SupportConfig> = record({
  slack: slack.transform(({ usergroup = null, users }) => ({ usergroup, users })).optional(),
  discord: discord.transform(({ role = null, users }) => ({ role, users })).optional(),
  email: text("support@example.com").optional(),
  escalateAfter: duration("15m").prefault("15m"),
})
  .transform((support) => ({
    slack: support.slack ?? null,
    discord: support.discord ?? null,
    email: support.email ?? null,
    escalateAfterMs: support.escalateAfter,
  }))
  .prefault({});
