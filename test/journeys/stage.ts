import { Pool } from "pg";
import { expect } from "vitest";
import { sessionsEnvironment } from "../../playground/fleet/describe-sessions.ts";
import type { Sessions } from "../../playground/fleet/start-sessions.ts";
import { writeFleetConfig } from "../../playground/fleet/write-fleet-config.ts";
import type { Migration } from "../../src/core/migration.ts";
import type { Store } from "../../src/core/ports/store.ts";
import { createPostgresStore } from "../../src/store/postgres-store.ts";
import { aKeyText } from "../store/a-keyring.ts";
import { redisUrl } from "../support/shared-servers.ts";
import { createTestDatabase } from "../support/test-database.ts";
import { until } from "../support/until.ts";
import { type TestFleet, withFleet } from "../support/with-fleet.ts";
import type { ChatDriver, Platform } from "./platform/chat-driver.ts";
import { expectToldOnce } from "./platform/expect-told-once.ts";
import { startDriver } from "./platform/start-driver.ts";
import { type GodwitOptions, type GodwitProcess, startGodwit } from "./start-godwit.ts";

/** Where BullMQ keeps its jobs. */
export type Backend = "PostgreSQL" | "Redis";

/** Each platform once and each queue once: the two do not know of each other, so four pairs would show no more. */
export const PAIRS: readonly (readonly [Platform, Backend])[] = [
  ["Slack", "PostgreSQL"],
  ["Discord", "Redis"],
];

/** Each platform, on the queue that needs no Redis: for stories in which the queue does not matter. */
export const PLATFORMS: readonly Platform[] = ["Slack", "Discord"];

export interface StageOptions {
  readonly platform: Platform;
  /** PostgreSQL unless told otherwise. */
  readonly backend?: Backend;
  /** A second platform where migrations are followed too, in both directions. */
  readonly mirroredIn?: Platform;
  /** True: only the group `dba` may migrate. */
  readonly dbaOnly?: boolean;
  /** Servers and an add-on of Redis besides the fleet's own. */
  readonly sessions?: Sessions;
  /** Of the largest table; 4,000 unless told otherwise. */
  readonly rows?: number;
  /** How long a switch of a live migration may take, such as `8s`; as Godwit has it unless told otherwise. */
  readonly switchLimit?: string;
}

/** Servers, data, a writing shop and a local chat platform, ready for Godwit. */
export interface Stage extends TestFleet {
  readonly chat: ChatDriver;
  /** All platforms of this stage, `chat` first. */
  readonly chats: readonly ChatDriver[];
  /** Reads what Godwit has stored. */
  readonly store: Store;
  readonly pool: Pool;
  startGodwit(options?: GodwitOptions): Promise<GodwitProcess>;
  /** The newest migration of the add-on. */
  migration(): Promise<Migration>;
}

/**
 * Sets the stage for one journey, and takes everything away after it. At the end every message must have been told
 * exactly once, and nothing may have been sent that the real platform would refuse.
 */
export async function withStage(options: StageOptions, body: (stage: Stage) => Promise<void>): Promise<void> {
  await withFleet({ majors: [15, 18], rows: options.rows ?? 4_000 }, async (fleet) => {
    const database = await createTestDatabase();
    const platforms = [options.platform, ...(options.mirroredIn ? [options.mirroredIn] : [])];
    const chats = await Promise.all(platforms.map(startDriver));
    const pool = new Pool({ connectionString: database.url, max: 3 });
    const processes: GodwitProcess[] = [];
    try {
      await writeConfig(fleet, chats, options);
      const environment = await environmentOf(fleet, { ...options, chats, databaseUrl: database.url });
      const stage = stageOf({ fleet, chats, pool, processes, environment });
      await body(stage);
      await expectGoodManners(stage);
    } finally {
      await Promise.all(processes.map((running) => running.kill("SIGTERM")));
      await pool.end();
      await Promise.all(chats.map((chat) => chat.close()));
      await database.drop();
    }
  });
}

interface Scenery {
  readonly fleet: TestFleet;
  readonly chats: readonly ChatDriver[];
  readonly pool: Pool;
  readonly processes: GodwitProcess[];
  readonly environment: Readonly<Record<string, string>>;
}

function stageOf({ fleet, chats, pool, processes, environment }: Scenery): Stage {
  const [chat] = chats;
  if (!chat) throw new Error("a stage needs a chat platform");
  const store = createPostgresStore(pool);
  return {
    ...fleet,
    chat,
    chats,
    store,
    pool,
    async startGodwit(options) {
      const { roles = "bot,worker" } = options ?? {};
      const started = await startGodwit({ ...environment, ...options?.environment }, roles);
      processes.push(started);
      if (roles.includes("bot")) await Promise.all(chats.map(untilConnected));
      return started;
    },
    migration: () => newest(store),
  };
}

async function writeConfig(
  { fleet, orders, folder }: TestFleet,
  chats: readonly ChatDriver[],
  { dbaOnly = false, mirroredIn, switchLimit, sessions }: StageOptions,
): Promise<void> {
  const settings = chats.map((chat) => chat.settings);
  await writeFleetConfig({
    folder,
    fleet,
    orders,
    major: 15,
    shopFolder: folder,
    ...(switchLimit !== undefined && { switchLimit }),
    ...(sessions && { sessions }),
    ...(dbaOnly && { mayMigrate: Object.fromEntries(settings.map(({ key, dbaOnly }) => [key, dbaOnly])) }),
    ...(mirroredIn && { mirror: Object.fromEntries(settings.map(({ key, channelId }) => [key, channelId])) }),
  });
}

interface Connections {
  readonly backend?: Backend;
  readonly sessions?: Sessions;
  readonly chats: readonly ChatDriver[];
  readonly databaseUrl: string;
}

async function environmentOf(
  { config, folder }: TestFleet,
  { chats, databaseUrl, backend, sessions }: Connections,
): Promise<Record<string, string>> {
  return {
    ...config.environment,
    ...(sessions && sessionsEnvironment(sessions)),
    GODWIT_FOLDER: folder,
    DATABASE_URL: databaseUrl,
    GODWIT_SECRET_KEY: aKeyText(),
    ...(backend === "Redis" && { REDIS_URL: await redisUrl() }),
    ...Object.assign({}, ...chats.map((chat) => chat.environment())),
    LOG_LEVEL: process.env["LOG_LEVEL"] ?? "fatal",
  };
}

/** A bot that follows one that was killed waits until that one's right to be connected has run out. */
function untilConnected({ connection, platform }: ChatDriver): Promise<true> {
  return until(() => connection.isUp(), { what: `Godwit to be connected to ${platform}`, timeoutMs: 30_000 });
}

async function newest(store: Store): Promise<Migration> {
  const [migration] = await store.migrations({ addonId: "addon_orders", limit: 1 });
  if (!migration) throw new Error("there is no migration");
  return migration;
}

async function expectGoodManners({ chats, pool }: Stage): Promise<void> {
  for (const chat of chats) {
    await expectToldOnce(chat, pool);
    expect(chat.violations, `what ${chat.platform} would have refused`).toEqual([]);
  }
}
