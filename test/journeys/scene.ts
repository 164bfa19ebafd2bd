import type { Pool } from "pg";
import { expect } from "vitest";
import type { Migration } from "../../src/core/migration.ts";
import type { Store } from "../../src/core/ports/store.ts";
import { createPostgresStore } from "../../src/store/postgres-store.ts";
import { aKeyText } from "../store/a-keyring.ts";
import { redisUrl } from "../support/shared-servers.ts";
import { createTestDatabase, openPool } from "../support/test-database.ts";
import { until } from "../support/until.ts";
import { expectNothingInClear } from "./expect-nothing-in-clear.ts";
import type { ChatDriver, Platform } from "./platform/chat-driver.ts";
import { expectToldOnce } from "./platform/expect-told-once.ts";
import { startDriver } from "./platform/start-driver.ts";
import { type GodwitOptions, type GodwitProcess, startGodwit } from "./start-godwit.ts";

/** Where BullMQ keeps its jobs. */
export type Backend = "PostgreSQL" | "Redis";

/** Local chat platforms and a store, ready for Godwit, whoever hosts the add-ons. */
export interface Scene {
  readonly chat: ChatDriver;
  /** All platforms of this scene, `chat` first. */
  readonly chats: readonly ChatDriver[];
  /** Reads what Godwit has stored. */
  readonly store: Store;
  readonly pool: Pool;
  startGodwit(options?: GodwitOptions): Promise<GodwitProcess>;
  /** The newest migration of the scene's add-on. */
  migration(): Promise<Migration>;
}

export interface SceneOptions {
  readonly platform: Platform;
  /** PostgreSQL unless told otherwise. */
  readonly backend?: Backend;
  /** A second platform where migrations are followed too. */
  readonly mirroredIn?: Platform;
  /** Where godwit.yaml is and Godwit works. */
  readonly folder: string;
  /** The add-on that the scene is about; any unless told otherwise. */
  readonly addonId?: string;
  /** Writes godwit.yaml; resolves with the variables that it reads. */
  readonly prepare: (chats: readonly ChatDriver[]) => Promise<Readonly<Record<string, string>>>;
}

/** Sets a scene, and takes it away again. At the end every message was told once and no platform was offended. */
export async function withScene(options: SceneOptions, body: (scene: Scene) => Promise<void>): Promise<void> {
  const database = await createTestDatabase();
  const platforms = [options.platform, ...(options.mirroredIn ? [options.mirroredIn] : [])];
  const chats = await Promise.all(platforms.map(startDriver));
  const pool = openPool(database.url, 3);
  const processes: GodwitProcess[] = [];
  try {
    const prepared = await options.prepare(chats);
    const connections = { ...options, chats, databaseUrl: database.url };
    const environment = { ...prepared, ...(await environmentOf(connections)) };
    const scene = sceneOf({ ...options, chats, pool, processes, environment });
    await body(scene);
    await expectGoodManners(scene);
    await expectNothingInClear({ ...scene, environment, folder: options.folder, processes });
  } finally {
    await Promise.all(processes.map((running) => running.kill("SIGTERM")));
    await pool.end();
    await Promise.all(chats.map((chat) => chat.close()));
    await database.drop();
  }
}

interface Scenery {
  readonly addonId?: string;
  readonly chats: readonly ChatDriver[];
  readonly pool: Pool;
  readonly processes: GodwitProcess[];
  readonly environment: Readonly<Record<string, string>>;
}

function sceneOf({ addonId, chats, pool, processes, environment }: Scenery): Scene {
  const [chat] = chats;
  if (!chat) throw new Error("a scene needs a chat platform");
  const store = createPostgresStore(pool);
  return {
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
    migration: () => newest(store, addonId),
  };
}

interface Connections {
  readonly backend?: Backend;
  readonly chats: readonly ChatDriver[];
  readonly databaseUrl: string;
  readonly folder: string;
}

async function environmentOf({
  chats,
  databaseUrl,
  backend,
  folder,
}: Connections): Promise<Record<string, string>> {
  return {
    GODWIT_FOLDER: folder,
    DATABASE_URL: databaseUrl,
    GODWIT_SECRET_KEY: aKeyText(),
    ...(backend === "Redis" && { REDIS_URL: await redisUrl() }),
    ...Object.assign({}, ...chats.map((chat) => chat.environment())),
    LOG_LEVEL: process.env["LOG_LEVEL"] ?? "debug",
  };
}

/** A bot that follows one that was killed waits until that one's right to be connected has run out. */
function untilConnected({ connection, platform }: ChatDriver): Promise<true> {
  return until(() => connection.isUp(), { what: `Godwit to be connected to ${platform}`, timeoutMs: 30_000 });
}

async function newest(store: Store, addonId: string | undefined): Promise<Migration> {
  const [migration] = await store.migrations({ limit: 1, ...(addonId !== undefined && { addonId }) });
  if (!migration) throw new Error("there is no migration");
  return migration;
}

async function expectGoodManners({ chats, pool }: Scene): Promise<void> {
  for (const chat of chats) {
    await expectToldOnce(chat, pool);
    expect(chat.violations, `what ${chat.platform} would have refused`).toEqual([]);
  }
}
