import { z } from "zod";

const id = z.string().regex(/^[A-Z0-9]{2,}$/u, "must be a Slack ID such as S0123ABC or U0123ABC");

/** Whom Slack's messages call for help: a user group, or else users; the e-mail address is the last resort. */
const support = z.strictObject({
  usergroup: id.optional(),
  users: z.array(id).default([]),
  email: z.email().optional(),
});

/** Settings of the Slack adapter: Socket Mode with an app token, or HTTP with a signing secret and a port. */
export const slackConfig = z
  .strictObject({
    botToken: z.string().min(1),
    appToken: z.string().min(1).optional(),
    signingSecret: z.string().min(1).optional(),
    /** Port of `/slack/events` in HTTP mode. */
    port: z.int().min(0).max(65_535).optional(),
    /** Base of the Web API; Slack's own unless told otherwise. */
    apiUrl: z.url().default("https://slack.com/api/"),
    support: support.default({ users: [] }),
  })
  .refine((config) => config.appToken !== undefined || config.signingSecret !== undefined, {
    error: "set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET and PORT for HTTP",
  })
  .refine((config) => config.appToken !== undefined || config.port !== undefined, {
    error: "set PORT: Slack sends its requests to /slack/events on that port",
  });

export type SlackConfig = z.infer<typeof slackConfig>;
/** Settings as written, before defaults are filled in. */
export type SlackSettings = z.input<typeof slackConfig>;
export type SlackSupport = SlackConfig["support"];
