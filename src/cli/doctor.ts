import { join } from "node:path";
import { parseArgs } from "node:util";
import { type App, createApp } from "../app.ts";
import { type Config, loadConfig } from "../config.ts";
import { GodwitError } from "../core/failure.ts";
import type { Diagnosis } from "../core/ports/provider.ts";
import { describeError } from "../core/redact.ts";
import { createLog } from "../log.ts";
import { checkRedis } from "../queue/index.ts";
import { pingDatabase, requireKeys } from "../store/open-database.ts";
import { diagnoseDeep } from "./diagnose-deep.ts";
import { diagnoseSecrets } from "./diagnose-secrets.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { configSource } from "./start.ts";

const CHECK_MS = 30_000;

/**
 * `godwit doctor`: checks everything that Godwit needs, one line each, with what to do about it; with `--deep`
 * also every record of every migration.
 */
export async function diagnose(args: readonly string[]): Promise<ExitCode> {
  const { values } = parseArgs({ args: [...args], options: { deep: { type: "boolean", default: false } } });
  const lines: Diagnosis[] = [];
  const config = await examine(lines, "configuration", async () => {
    const loaded = await loadConfig(configSource());
    return { detail: `${loaded.providers.length} provider(s) in ${loaded.file}`, value: loaded };
  });
  if (config) await diagnoseRest(lines, config, values.deep);
  for (const line of lines) console.log(render(line));
  return lines.every(({ ok }) => ok) ? EXIT.done : EXIT.failed;
}

async function diagnoseRest(lines: Diagnosis[], config: Config, isDeep: boolean): Promise<void> {
  await diagnoseDatabase(lines, config);
  await diagnoseQueue(lines, config);
  await diagnoseKey(lines, config);
  if (lines.some(({ ok }) => !ok)) return;
  const app = await examine(lines, "start", async () => {
    const value = await createApp({ config, log: createLog("silent"), folder: process.cwd() });
    return { detail: "schema is up to date", value };
  });
  if (!app) return;
  try {
    lines.push(await diagnoseSecrets(app), ...(await diagnoseAdapters(app)));
    if (isDeep) lines.push(...(await diagnoseDeep(app)));
  } finally {
    await app.stop();
  }
}

async function diagnoseDatabase(lines: Diagnosis[], { databaseUrl }: Config): Promise<void> {
  if (!databaseUrl) {
    const detail = `DATABASE_URL is unset: an embedded server under ${join(".godwit", "postgres")}`;
    lines.push({ subject: "database", ok: true, detail });
    return;
  }
  await examine(lines, "database", async () => ({
    detail: `PostgreSQL ${await pingDatabase(databaseUrl)}`,
    value: true,
  }));
}

async function diagnoseQueue(lines: Diagnosis[], { redisUrl }: Config): Promise<void> {
  if (!redisUrl) {
    lines.push({
      subject: "queue",
      ok: true,
      detail: "REDIS_URL is unset: BullMQ keeps its jobs in the database",
    });
    return;
  }
  await examine(lines, "queue", async () => {
    const { appendOnly } = await checkRedis(redisUrl);
    return { detail: `Redis, ${appendOnly ? "with" : "without"} an append-only file`, value: true };
  });
}

async function diagnoseKey(lines: Diagnosis[], { databaseUrl, secretKeys }: Config): Promise<void> {
  await examine(lines, "key", async () => {
    if (databaseUrl) requireKeys(secretKeys);
    const where = join(".godwit", "secret-key");
    return {
      detail: secretKeys[0] ? `${secretKeys[0].id} encrypts stored passwords` : `in ${where}`,
      value: true,
    };
  });
}

async function diagnoseAdapters({ deps, chats }: App): Promise<Diagnosis[]> {
  const signal = AbortSignal.timeout(CHECK_MS);
  const none: Diagnosis = {
    subject: "chat",
    ok: false,
    detail: "no platform is configured",
    remedy: "Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or DISCORD_TOKEN and DISCORD_APPLICATION_ID.",
  };
  const answers = await Promise.all([
    ...chats.map((chat) => chat.diagnose()),
    ...deps.providers.map((provider) => provider.diagnose(signal)),
  ]);
  return [...(chats.length === 0 ? [none] : []), ...answers.flat()];
}

interface Examined<T> {
  readonly detail: string;
  readonly value: T;
}

async function examine<T>(
  lines: Diagnosis[],
  subject: string,
  check: () => Promise<Examined<T>>,
): Promise<T | undefined> {
  try {
    const { detail, value } = await check();
    lines.push({ subject, ok: true, detail });
    return value;
  } catch (error) {
    lines.push({ subject, ok: false, ...troubleOf(error) });
    return undefined;
  }
}

function troubleOf(error: unknown): Pick<Diagnosis, "detail" | "remedy"> {
  if (error instanceof GodwitError) return { detail: error.summary, remedy: error.remedy };
  return { detail: describeError(error), remedy: "Look at the detail; this is nothing that Godwit knows." };
}

function render({ subject, ok, detail, remedy }: Diagnosis): string {
  const line = `${ok ? "ok  " : "FAIL"}  ${subject}: ${detail}`;
  return remedy ? `${line}\n      -> ${remedy}` : line;
}
