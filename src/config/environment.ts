import { z } from "zod";
import type { Secret } from "../core/secret.ts";
import { type DiscordConfig, readDiscord, readSlack, type SlackConfig } from "./chat-environment.ts";
import { isUrl, secretUrl } from "./fields.ts";
import type { Environment } from "./interpolate.ts";
import { nearest } from "./nearest.ts";
import type { Problem } from "./problem.ts";

/** An address that the admin interface listens on. */
export interface AdminAddress {
  readonly host: string;
  readonly port: number;
}

/** pino's levels. */
export type LogLevel = "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";

/** What the environment variables say. */
export interface EnvironmentConfig {
  /** Godwit's own PostgreSQL; null means an embedded server. */
  readonly databaseUrl: Secret | null;
  /** BullMQ's Redis or Valkey; null means BullMQ's PostgreSQL backend. */
  readonly redisUrl: Secret | null;
  /** Path of godwit.yaml as written. */
  readonly configPath: string;
  readonly slack: SlackConfig | null;
  readonly discord: DiscordConfig | null;
  /** Null when the admin interface is off. */
  readonly admin: AdminAddress | null;
  readonly logLevel: LogLevel;
}

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
const schema = z.object({
  DATABASE_URL: postgresUrl.optional(),
  REDIS_URL: redisUrl.optional(),
  GODWIT_CONFIG: z.string().default("godwit.yaml"),
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
export type Variables = z.output<typeof schema>;

const PUBLIC = new Set(["PORT", "ADMIN_PORT", "LOG_LEVEL", "SLACK_API_URL", "DISCORD_API_URL"]);

/** Reads the environment; `config` is null when there are problems. */
export function readEnvironment(environment: Environment): {
  readonly config: EnvironmentConfig | null;
  readonly problems: readonly Problem[];
} {
  const set = Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== "");
  const parsed = schema.safeParse(Object.fromEntries(set));
  if (!parsed.success) return { config: null, problems: explain(parsed.error, environment) };
  const [slack, discord] = [readSlack(parsed.data), readDiscord(parsed.data)];
  const problems = [...slack.problems, ...discord.problems].map((what) => ({ where: "environment", what }));
  if (problems.length > 0) return { config: null, problems };
  return { config: toConfig(parsed.data, slack.config, discord.config), problems };
}

function toConfig(
  variables: Variables,
  slack: SlackConfig | null,
  discord: DiscordConfig | null,
): EnvironmentConfig {
  return {
    databaseUrl: variables.DATABASE_URL ?? null,
    redisUrl: variables.REDIS_URL ?? null,
    configPath: variables.GODWIT_CONFIG,
    slack,
    discord,
    admin: variables.ADMIN_PORT ?? null,
    logLevel: variables.LOG_LEVEL,
  };
}

function explain(error: z.ZodError, environment: Environment): Problem[] {
  return error.issues.map((issue) => {
    const name = String(issue.path[0]);
    const value = PUBLIC.has(name) ? environment[name] : "the value";
    return { where: "environment", what: `${name}: ${value} ${issue.message}.` };
  });
}
