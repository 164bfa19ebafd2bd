import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { areMysqlServersFetched } from "../../scripts/tools/ensure-mysql.ts";
import { areFetched } from "../../scripts/tools/ensure-redis-versions.ts";
import { ensurePgClient, NEWEST_MAJOR } from "../../scripts/tools/ensure-tools.ts";
import { type App, type AppOptions, createApp } from "../../src/app.ts";
import { loadConfig } from "../../src/config.ts";
import { engineCapabilities } from "../../src/engines/index.ts";
import { createLog } from "../../src/log.ts";
import { type LocalDiscord, startLocalDiscord } from "../discord/index.ts";
import { createFailureSwitch, type FailureSwitch } from "../faults/forced-failure.ts";
import { withStepFaults } from "../faults/with-step-faults.ts";
import { createOrders, type OrdersDatabase } from "../fleet/create-orders.ts";
import { describeCatalog } from "../fleet/describe-catalog.ts";
import { describeSessions } from "../fleet/describe-sessions.ts";
import type { FleetPart } from "../fleet/fleet-part.ts";
import { makeGuardedFolder } from "../fleet/make-guarded-folder.ts";
import { startCatalog } from "../fleet/start-catalog.ts";
import { type Fleet, startFleet } from "../fleet/start-fleet.ts";
import { startSessions } from "../fleet/start-sessions.ts";
import { type Shop, startShop } from "../fleet/start-shop.ts";
import { writeFleetConfig } from "../fleet/write-fleet-config.ts";
import type { Platform } from "../page/page-state.ts";
import { type LocalSlack, startLocalSlack } from "../slack/index.ts";
import { type CleverStand, startCleverStand } from "./start-clever-stand.ts";

/** Everything of the demonstration, running. */
export interface Stage {
  readonly fleet: Fleet;
  readonly orders: OrdersDatabase;
  readonly shop: Shop;
  /** Null where the platform was not asked for. */
  readonly slack: LocalSlack | null;
  readonly discord: LocalDiscord | null;
  readonly app: App;
  readonly failure: FailureSwitch;
  /** The second provider. */
  readonly stand: CleverStand;
  /** Ends every process and removes every file. */
  stop(): Promise<void>;
}

interface StageOptions {
  readonly rows: number;
  /** Chat platforms to run beside each other. */
  readonly platforms: readonly Platform[];
  /** Told what is being started, one line each. */
  readonly say: (line: string) => void;
  /** How Godwit paces its messages; as it does anywhere unless told otherwise. */
  readonly outbox?: AppOptions["outbox"];
}

/** Starts the sample fleet, the shop, the local chat platforms, and Godwit on its embedded default. */
export async function startStage(options: StageOptions): Promise<Stage> {
  const undo: (() => Promise<unknown>)[] = [];
  const keep = <T>(thing: T, end: (thing: T) => Promise<unknown>): T => {
    undo.unshift(() => end(thing));
    return thing;
  };
  const stop = async () => {
    for (const end of undo.splice(0))
      await end().catch((error: unknown) => options.say(`stopping: ${String(error)}`));
  };
  try {
    return { ...(await raiseCurtain({ ...options, keep })), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Backstage extends StageOptions {
  readonly keep: <T>(thing: T, end: (thing: T) => Promise<unknown>) => T;
}

async function raiseCurtain({
  rows,
  platforms,
  say,
  keep,
  outbox = {},
}: Backstage): Promise<Omit<Stage, "stop">> {
  const { path: folder } = keep(await makeGuardedFolder("demo"), (guarded) => guarded.remove());
  // Godwit's embedded server does not run as root, and must be able to reach its data in here.
  await chmod(folder, 0o711);
  process.env["GODWIT_PG_BIN"] ??= await ensurePgClient(NEWEST_MAJOR);
  say("Starting PostgreSQL 15, 17 and 18…");
  const fleet = keep(await startFleet({ majors: [15, 17, 18] }), (servers) => servers.stop());
  say(`Filling the database orders with ${rows.toLocaleString("en-US")} rows on PostgreSQL 15…`);
  const orders = await createOrders(fleet.server(15), { rows });
  const shop = keep(await startShop({ folder: join(folder, "shop"), orders }), (running) => running.stop());
  const { slack, discord } = await startChats(platforms, keep);
  say("Starting Godwit on its embedded database…");
  const parts = await otherEngines(folder, { say, keep });
  const stand = keep(await startCleverStand(), (it) => it.close());
  const { entry, environment: secrets } = stand.provider;
  const fleetConfig = {
    folder,
    fleet,
    orders,
    major: 15,
    shopFolder: shop.folder,
    otherProviders: [entry],
    parts,
  } as const;
  const config = await writeFleetConfig(fleetConfig);
  const failure = createFailureSwitch();
  const environment = { ...config.environment, ...secrets, ...tokensOf({ slack, discord }) };
  const app = keep(await startGodwit({ folder, failure, environment, outbox }), (it) => it.stop());
  return { fleet, orders, shop, slack, discord, app, failure, stand };
}

/** The demo begins at once, so it fetches no servers for the sake of further add-ons. */
async function otherEngines(
  folder: string,
  backstage: Pick<Backstage, "say" | "keep">,
): Promise<FleetPart[]> {
  const found = await Promise.all([
    sessionsIfThere(join(folder, "keeper"), backstage),
    catalogIfThere(join(folder, "storefront"), backstage),
  ]);
  return found.flat();
}

async function sessionsIfThere(
  folder: string,
  { say, keep }: Pick<Backstage, "say" | "keep">,
): Promise<FleetPart[]> {
  const versions = ["redis-7", "redis-8", "valkey-9"] as const;
  if (!areFetched(versions)) return [];
  say("Starting Redis 7 and 8 and Valkey 9 for the add-on sessions…");
  return [describeSessions(keep(await startSessions({ folder, versions }), (running) => running.stop()))];
}

async function catalogIfThere(
  folder: string,
  { say, keep }: Pick<Backstage, "say" | "keep">,
): Promise<FleetPart[]> {
  const versions = ["mariadb-10.11", "mariadb-11.8"] as const;
  if (!areMysqlServersFetched(versions)) return [];
  say("Starting MariaDB 10.11 and 11.8 for the add-on catalog…");
  return [describeCatalog(keep(await startCatalog({ folder, versions }), (running) => running.stop()))];
}

type Chats = Pick<Stage, "slack" | "discord">;

async function startChats(platforms: readonly Platform[], keep: Backstage["keep"]): Promise<Chats> {
  const close = (server: LocalSlack | LocalDiscord) => server.close();
  return {
    slack: platforms.includes("slack") ? keep(await startLocalSlack(), close) : null,
    discord: platforms.includes("discord") ? keep(await startLocalDiscord(), close) : null,
  };
}

/** What Godwit needs in its environment to connect. */
function tokensOf({ slack, discord }: Chats): Record<string, string> {
  return {
    ...(slack && {
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_API_URL: slack.url,
    }),
    ...(discord && {
      DISCORD_TOKEN: discord.token,
      DISCORD_APPLICATION_ID: discord.applicationId,
      DISCORD_GUILD_ID: discord.guildId,
      DISCORD_API_URL: discord.url,
    }),
  };
}

interface GodwitParts {
  readonly folder: string;
  readonly failure: FailureSwitch;
  readonly environment: Readonly<Record<string, string>>;
  readonly outbox: NonNullable<AppOptions["outbox"]>;
}

async function startGodwit({ folder, failure, environment, outbox }: GodwitParts): Promise<App> {
  const config = await loadConfig({
    environment: { ...environment, LOG_LEVEL: process.env["LOG_LEVEL"] ?? "error" },
    folder,
    engines: engineCapabilities,
  });
  const log = createLog(config.logLevel);
  const wrapProvider = (provider: Parameters<typeof withStepFaults>[0]) =>
    withStepFaults(provider, failure.hook);
  const timings = { progressMs: 1_000 };
  const app = await createApp({ config, log, folder, timings, outbox, wrapProvider });
  try {
    await app.start(["bot", "worker"]);
    return app;
  } catch (error) {
    await app.stop();
    throw error;
  }
}
