import type { Log } from "../core/ports/log.ts";
import type { MigrationQueue } from "../core/ports/queue.ts";
import type { Secret } from "../core/secret.ts";
import { createBullmqQueue } from "./bullmq-queue.ts";
import { createPostgresqlBackend } from "./postgresql-backend.ts";
import { checkRedis, createRedisBackend } from "./redis-backend.ts";

export { checkRedis };

interface QueueSettings {
  /** Where BullMQ keeps its jobs; null puts them into `databaseUrl`. */
  readonly redisUrl: Secret | null;
  readonly databaseUrl: Secret;
  /** Names this Godwit. */
  readonly installation: string;
  readonly concurrency: number;
  readonly log: Log;
}

/** Opens the doorbell on Redis when there is one, else on Godwit's own PostgreSQL. */
export async function openQueue(settings: QueueSettings): Promise<MigrationQueue> {
  const { redisUrl, databaseUrl, installation, log, concurrency } = settings;
  const common = { name: `migrations-${installation}`, log, concurrency };
  if (!redisUrl) return createBullmqQueue({ ...common, backend: createPostgresqlBackend(databaseUrl) });
  const { appendOnly } = await checkRedis(redisUrl);
  if (!appendOnly)
    log.warn({}, "redis keeps no append-only file: a restart of it delays migrations by one sweep");
  return createBullmqQueue({ ...common, backend: createRedisBackend(redisUrl) });
}
