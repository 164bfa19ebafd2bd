import type { z } from "zod";
import { redact } from "../core/redact.ts";
import type { Secret } from "../core/secret.ts";
import type { SecretKey } from "../core/secret-key.ts";
import { type DiscordConfig, readDiscord, readSlack, type SlackConfig } from "./chat-environment.ts";
import type { Environment } from "./interpolate.ts";
import type { Problem } from "./problem.ts";
import { readSecretKeys } from "./secret-keys.ts";
import { type AdminAddress, type LogLevel, type Variables, variablesSchema } from "./variables.ts";

/** What the environment variables say. */
export interface EnvironmentConfig {
  /** Godwit's own PostgreSQL; null means an embedded server. */
  readonly databaseUrl: Secret | null;
  /** BullMQ's Redis or Valkey; null means BullMQ's PostgreSQL backend. */
  readonly redisUrl: Secret | null;
  /** What credentials are encrypted with in Godwit's database; the first encrypts, all decrypt. Empty when unset. */
  readonly secretKeys: readonly SecretKey[];
  /** Path of godwit.yaml as written. */
  readonly configPath: string;
  readonly slack: SlackConfig | null;
  readonly discord: DiscordConfig | null;
  /** Null when the admin interface is off. */
  readonly admin: AdminAddress | null;
  readonly logLevel: LogLevel;
}

const PUBLIC = new Set(["PORT", "ADMIN_PORT", "LOG_LEVEL", "SLACK_API_URL", "DISCORD_API_URL"]);

/** Reads the environment; `config` is null when there are problems. */
export function readEnvironment(environment: Environment): {
  readonly config: EnvironmentConfig | null;
  readonly problems: readonly Problem[];
} {
  const set = Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== "");
  const parsed = variablesSchema.safeParse(Object.fromEntries(set));
  if (!parsed.success) return { config: null, problems: explain(parsed.error, environment) };
  const [slack, discord] = [readSlack(parsed.data), readDiscord(parsed.data)];
  const { keys, problems: keyProblems } = readSecretKeys(parsed.data);
  const found = [...keyProblems, ...slack.problems, ...discord.problems];
  const problems = found.map((what) => ({ where: "environment", what }));
  if (problems.length > 0) return { config: null, problems };
  return { config: toConfig(parsed.data, { keys, slack: slack.config, discord: discord.config }), problems };
}

interface Parts {
  readonly keys: readonly SecretKey[];
  readonly slack: SlackConfig | null;
  readonly discord: DiscordConfig | null;
}

function toConfig(variables: Variables, { keys, slack, discord }: Parts): EnvironmentConfig {
  return {
    secretKeys: keys,
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
    const value = PUBLIC.has(name) ? redact(environment[name] ?? "") : "the value";
    return { where: "environment", what: `${name}: ${value} ${issue.message}.` };
  });
}
