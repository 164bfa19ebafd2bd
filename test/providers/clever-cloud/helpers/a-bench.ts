import { randomBytes } from "node:crypto";
import type { Pool } from "pg";
import { onTestFinished } from "vitest";
import type { LocalCleverCloud, LocalCleverCloudOptions } from "../../../../playground/clever-cloud/index.ts";
import { presentNotification } from "../../../../src/chat/present/notification.ts";
import { renderPlain } from "../../../../src/chat/render-plain.ts";
import { systemClock } from "../../../../src/clock.ts";
import type { FormSelection } from "../../../../src/core/form.ts";
import type { Actor, Place } from "../../../../src/core/member.ts";
import type { Migration } from "../../../../src/core/migration.ts";
import type { Notification } from "../../../../src/core/notification.ts";
import type { Provider } from "../../../../src/core/ports/provider.ts";
import type { Store } from "../../../../src/core/ports/store.ts";
import { confirmMigration } from "../../../../src/migrations/confirm-migration.ts";
import { DEFAULT_TIMINGS, type Dependencies } from "../../../../src/migrations/dependencies.ts";
import { type Driver, drive } from "../../../../src/migrations/runner/drive.ts";
import { submitRequest } from "../../../../src/migrations/submit-request.ts";
import type { CleverCloudConfig } from "../../../../src/providers/clever-cloud/config.ts";
import { createCleverCloudProvider } from "../../../../src/providers/clever-cloud/create-clever-cloud-provider.ts";
import { applySchema } from "../../../../src/store/apply-schema.ts";
import { createFleetStore } from "../../../../src/store/fleet-store.ts";
import { createPostgresStore } from "../../../../src/store/postgres-store.ts";
import { reviveNotification } from "../../../../src/store/revive-notification.ts";
import { aKeyring } from "../../../store/a-keyring.ts";
import { createTestDatabase, openPool } from "../../../support/test-database.ts";
import { aLog, aPlatform } from "./a-platform.ts";

export const ALICE: Actor = { platform: "slack", id: "U1ALICE", name: "alice" };
const CHANNEL: Place = { platform: "slack", workspace: "T1", channel: "C1" };
const PATIENCE_MS = 20_000;

/** The use cases on a real store, with the provider over the local Clever Cloud. */
export interface Bench {
  readonly clever: LocalCleverCloud;
  readonly config: CleverCloudConfig;
  readonly provider: Provider;
  readonly store: Store;
  readonly pool: Pool;
  readonly deps: Dependencies;
  readonly lines: string[];
  readonly driver: (owner?: string) => Driver & { readonly stop: () => void };
  /** Another process, with a provider and a configuration of its own. */
  readonly elsewhere: (change: Partial<CleverCloudConfig>) => Driver;
  readonly confirmed: (selection: FormSelection) => Promise<Migration>;
  /** Confirms and drives to the end. */
  readonly migrated: (selection: FormSelection) => Promise<Migration>;
  /** The newest message of a kind as its lines of text. */
  readonly told: (id: string, kind: Notification["kind"]) => Promise<string[]>;
  /** The kinds of posted messages, in order. */
  readonly posted: () => Promise<string[]>;
}

export async function aBench(
  options: LocalCleverCloudOptions = {},
  change: Partial<CleverCloudConfig> = {},
): Promise<Bench> {
  const database = await createTestDatabase();
  const pool = openPool(database.url);
  onTestFinished(async () => {
    await pool.end();
    await database.drop();
  });
  await applySchema(pool);
  const { clever, config, provider, lines } = await aPlatform({
    options,
    config: () => change,
    store: createFleetStore(pool, aKeyring()),
  });
  const store = createPostgresStore(pool);
  const deps = dependencies(store, provider, lines);
  const bench = { clever, config, provider, store, pool, deps, lines };
  return {
    ...bench,
    driver: (owner = "one") => driverOf(deps, owner),
    elsewhere: (change) => driverOf(another(bench, pool, change), "elsewhere"),
    confirmed: (selection) => confirmed(deps, selection),
    async migrated(selection) {
      const { id } = await confirmed(deps, selection);
      await drive(driverOf(deps, "one"), id);
      return (await store.migration(id)) as Migration;
    },
    told: (id, kind) => told(pool, id, kind),
    posted: () => posted(pool),
  };
}

function another(
  { config, store, lines }: Pick<Bench, "config" | "store" | "lines">,
  pool: Pool,
  change: Partial<CleverCloudConfig>,
): Dependencies {
  const common = {
    fleet: createFleetStore(pool, aKeyring()),
    log: aLog(lines),
    clock: systemClock,
    randomBytes,
  };
  return dependencies(store, createCleverCloudProvider({ ...config, ...change }, common), lines);
}

function dependencies(store: Store, provider: Provider, lines: string[]): Dependencies {
  return {
    store,
    queue: {
      ring: async () => undefined,
      work: async () => undefined,
      ping: async () => undefined,
      close: async () => undefined,
    },
    providers: [provider],
    policy: { migrate: {} },
    mirrors: [],
    timeZone: "UTC",
    clock: systemClock,
    log: aLog(lines),
    random: () => 0.5,
    timings: { ...DEFAULT_TIMINGS, heartbeatMs: 25, progressMs: 25, retryMs: 2, sweepMs: 50 },
    recentLog: () => [],
    wakeSender: () => undefined,
  };
}

function driverOf(deps: Dependencies, owner: string) {
  const shutdown = new AbortController();
  return { deps, owner, shutdown: shutdown.signal, stop: () => shutdown.abort("shutdown") };
}

async function confirmed(deps: Dependencies, selection: FormSelection): Promise<Migration> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const posted = await submitRequest(deps, { selection, by: ALICE, place: CHANNEL }, signal);
  if (posted.kind !== "posted") throw new Error(`submitting: ${JSON.stringify(posted)}`);
  const { id, planHash } = posted.migration;
  const answer = await confirmMigration(deps, { migrationId: id, planHash, by: ALICE }, signal);
  if (answer.kind !== "confirmed") throw new Error(`confirming: ${JSON.stringify(answer)}`);
  return answer.migration;
}

async function told(pool: Pool, id: string, kind: Notification["kind"]): Promise<string[]> {
  const { rows } = await pool.query<{ notification: Notification }>(
    `SELECT notification FROM godwit.chat_outbox WHERE thread_key = $1 AND notification ->> 'kind' = $2
     ORDER BY id DESC LIMIT 1`,
    [id, kind],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`nobody was told ${kind} of ${id}`);
  return renderPlain(presentNotification(reviveNotification(row.notification)), { buttons: true });
}

async function posted(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ kind: string }>(
    "SELECT notification ->> 'kind' AS kind FROM godwit.chat_outbox WHERE kind = 'post' ORDER BY id",
  );
  return rows.map(({ kind }) => kind);
}
