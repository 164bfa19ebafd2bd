import { createPostgresBackend, type Job, withBackend } from "bullmq";
import type { Secret } from "../core/secret.ts";
import type { QueueBackend } from "./backend.ts";

/** Connections of each of the queue's two pools; one of the worker's is taken by LISTEN. */
const POOL_SIZE = 4;

/**
 * BullMQ on PostgreSQL, in a schema `bullmq` of its own beside Godwit's. Its schema changes come with
 * minor releases, so they are applied at every start, under BullMQ's own lock.
 */
export function createPostgresqlBackend(url: Secret): QueueBackend {
  const { Queue, Worker } = withBackend(createPostgresBackend);
  const connection = () => ({
    connectionString: url.reveal(),
    schema: "bullmq",
    migrate: true,
    max: POOL_SIZE,
    application_name: "godwit queue",
  });
  return {
    openQueue: (name, defaultJobOptions) => new Queue(name, { connection: connection(), defaultJobOptions }),
    openWorker: (name, handler, options) =>
      new Worker(name, (job: Job) => handler(job), { ...options, connection: connection() }),
    close: async () => undefined,
  };
}
