import { z } from "zod";

/** A snowflake (Discord, "API Reference", Snowflakes): a number too large for JSON, so it stays text. */
const id = z.string().regex(/^\d{15,20}$/u, "must be a Discord ID such as 100000000000000001");

/** Whom Discord's messages call for help: a role, or else users; the e-mail address is the last resort. */
const support = z.strictObject({
  role: id.optional(),
  users: z.array(id).default([]),
  email: z.email().optional(),
});

/** Settings of the Discord adapter. It opens the gateway itself, so nothing must reach this machine. */
export const discordConfig = z.strictObject({
  token: z.string().min(1),
  applicationId: id,
  /** The only server Godwit serves; commands are registered there. Without it, in every server it is in. */
  guildId: id.optional(),
  /** Base of the REST API, without version; Discord's own unless told otherwise. */
  apiUrl: z.url().default("https://discord.com/api"),
  support: support.default({ users: [] }),
});

export type DiscordConfig = z.infer<typeof discordConfig>;
/** Settings as written, before defaults are filled in. */
export type DiscordSettings = z.input<typeof discordConfig>;
export type DiscordSupport = DiscordConfig["support"];
