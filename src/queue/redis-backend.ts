import { type Job, Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { GodwitError } from "../core/failure.ts";
import type { Secret } from "../core/secret.ts";
import type { QueueBackend } from "./backend.ts";

/** BullMQ on Redis or Valkey; `valkey://` is the same protocol under another name. */
export function createRedisBackend(url: Secret): QueueBackend {
  const address = url.reveal().replace(/^valkey/, "redis");
  const connections: Redis[] = [];
  const connect = (): Redis => {
    const connection = new Redis(address, { maxRetriesPerRequest: null, connectionName: "godwit queue" });
    connection.on("error", () => undefined);
    connections.push(connection);
    return connection;
  };
  return {
    openQueue: (name, defaultJobOptions) => new Queue(name, { connection: connect(), defaultJobOptions }),
    openWorker: (name, handler, options) =>
      new Worker(name, (job: Job) => handler(job), { ...options, connection: connect() }),
    async close() {
      for (const connection of connections) connection.disconnect();
    },
  };
}

/**
 * Refuses a Redis that evicts keys when memory runs out, since it would evict jobs
 * (BullMQ guide "Going to production"). Tells whether it keeps an append-only file.
 */
export async function checkRedis(url: Secret): Promise<{ readonly appendOnly: boolean }> {
  const redis = new Redis(url.reveal().replace(/^valkey/, "redis"), {
    lazyConnect: true,
    retryStrategy: () => null,
  });
  redis.on("error", () => undefined);
  try {
    await redis.connect();
    const policy = await setting(redis, "maxmemory-policy");
    if (policy !== undefined && policy !== "noeviction") throw evicting(policy);
    return { appendOnly: (await setting(redis, "appendonly")) !== "no" };
  } catch (error) {
    if (error instanceof GodwitError) throw error;
    throw unreachable(error);
  } finally {
    redis.disconnect();
  }
}

/** Undefined where the server does not let us read its settings, as managed services do. */
async function setting(redis: Redis, name: string): Promise<string | undefined> {
  const answer: unknown = await redis.config("GET", name).catch(() => []);
  return Array.isArray(answer) && typeof answer[1] === "string" ? answer[1] : undefined;
}

function evicting(policy: string): GodwitError {
  return new GodwitError({
    code: "redis-evicts",
    summary: `Redis evicts keys when memory runs out (maxmemory-policy is ${policy}), so it could lose jobs.`,
    remedy: "Set maxmemory-policy to noeviction on the server that REDIS_URL names.",
  });
}

function unreachable(cause: unknown): GodwitError {
  return new GodwitError({
    code: "redis-unreachable",
    class: "transient",
    summary: "Redis cannot be reached.",
    remedy: "Check that the server which REDIS_URL names runs, and that its password is right.",
    cause,
  });
}
