import { z } from "zod";
import { isUrl, secretUrl } from "../validation/fields.ts";
import { nearest } from "../validation/nearest.ts";
import { oneSecretKey, severalSecretKeys } from "./secret-keys.ts";

/** An address that the admin interface listens on. */
export interface AdminAddress {
  readonly host: string;
  readonly port: number;
}

/** pino's levels. */
export type LogLevel = "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";

const LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

const postgresUrl = secretUrl(["postgres:", "postgresql:"], "postgres://user:password@host:5432/database");
const redisUrl = secretUrl(["redis:", "rediss:"], "redis://host:6379");

const port = z
  .string()
  .refine((value) => /^\d{1,5}$/.test(value) && Number(value) <= 65_535, {
    error: "is not a port; write it like 3000",
  })
  .transform(Number);

/** A port alone means loopback; `0.0.0.0:9090` opens it to others. */
const adminAddress = z.string().transform((value, context): AdminAddress => {
  const [, host, number] = /^(?:(.+):)?(\d{1,5})$/.exec(value) ?? [];
  if (number !== undefined && Number(number) <= 65_535)
    return { host: host ?? "127.0.0.1", port: Number(number) };
  const message = "is not a port; write it like 9090, or 0.0.0.0:9090 to listen on every interface";
  context.issues.push({ code: "custom", input: value, message });
  return z.NEVER;
});

const logLevel = z.string().transform((value, context): LogLevel => {
  const level = LEVELS.find((known) => known === value);
  if (level !== undefined) return level;
  const hint = nearest(value, LEVELS) ?? LEVELS.join(", ");
  context.issues.push({ code: "custom", input: value, message: `is not a level; write ${hint}` });
  return z.NEVER;
});

const httpUrl = (example: string) =>
  z.string().refine((value) => isUrl(value, ["http:", "https:"]), {
    error: `is not a URL; write it like ${example}`,
  });

/** Every variable that Godwit reads; all are texts, and an empty one counts as unset. */
export const variablesSchema = z.object({
  DATABASE_URL: postgresUrl.optional(),
  REDIS_URL: redisUrl.optional(),
  GODWIT_CONFIG: z.string().default("godwit.yaml"),
  GODWIT_SECRET_KEY: oneSecretKey.optional(),
  GODWIT_SECRET_KEYS: severalSecretKeys.optional(),
  SLACK_BOT_TOKEN: z.string().optional(),
  SLACK_APP_TOKEN: z.string().optional(),
  SLACK_SIGNING_SECRET: z.string().optional(),
  PORT: port.default(3000),
  SLACK_API_URL: httpUrl("https://slack.com/api/").optional(),
  DISCORD_TOKEN: z.string().optional(),
  DISCORD_APPLICATION_ID: z.string().optional(),
  DISCORD_GUILD_ID: z.string().optional(),
  DISCORD_API_URL: httpUrl("https://discord.com/api").optional(),
  ADMIN_PORT: adminAddress.optional(),
  LOG_LEVEL: logLevel.default("info"),
});

/** The variables as zod has checked them. */
export type Variables = z.output<typeof variablesSchema>;
