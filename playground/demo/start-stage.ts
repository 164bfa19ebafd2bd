import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { ensurePgClient, NEWEST_MAJOR } from "../../scripts/tools/ensure-tools.ts";
import { type App, createApp } from "../../src/app.ts";
import { loadConfig } from "../../src/config.ts";
import { engines } from "../../src/engines/index.ts";
import { createLog } from "../../src/log.ts";
import { createFailureSwitch, type FailureSwitch } from "../faults/forced-failure.ts";
import { withStepFaults } from "../faults/with-step-faults.ts";
import { createOrders, type OrdersDatabase } from "../fleet/create-orders.ts";
import { makeGuardedFolder } from "../fleet/make-guarded-folder.ts";
import { type Fleet, startFleet } from "../fleet/start-fleet.ts";
import { type Shop, startShop } from "../fleet/start-shop.ts";
import { writeFleetConfig } from "../fleet/write-fleet-config.ts";
import { type LocalSlack, startLocalSlack } from "../slack/index.ts";

/** Everything of the demonstration, running. */
export interface Stage {
  readonly fleet: Fleet;
  readonly orders: OrdersDatabase;
  readonly shop: Shop;
  readonly slack: LocalSlack;
  readonly app: App;
  readonly failure: FailureSwitch;
  /** Ends every process and removes every file. */
  stop(): Promise<void>;
}

interface StageOptions {
  readonly rows: number;
  /** Told what is being started, one line each. */
  readonly say: (line: string) => void;
}

/** Starts the sample fleet, the shop, a local Slack, and Godwit on its embedded default. */
export async function startStage({ rows, say }: StageOptions): Promise<Stage> {
  const undo: (() => Promise<unknown>)[] = [];
  const keep = <T>(thing: T, end: (thing: T) => Promise<unknown>): T => {
    undo.unshift(() => end(thing));
    return thing;
  };
  const stop = async () => {
    for (const end of undo.splice(0))
      await end().catch((error: unknown) => say(`stopping: ${String(error)}`));
  };
  try {
    return { ...(await raiseCurtain({ rows, say, keep })), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Backstage extends StageOptions {
  readonly keep: <T>(thing: T, end: (thing: T) => Promise<unknown>) => T;
}

async function raiseCurtain({ rows, say, keep }: Backstage): Promise<Omit<Stage, "stop">> {
  const { path: folder } = keep(await makeGuardedFolder("demo"), (guarded) => guarded.remove());
  // Godwit's embedded server does not run as root, and must be able to reach its data in here.
  await chmod(folder, 0o711);
  process.env["GODWIT_PG_BIN"] ??= await ensurePgClient(NEWEST_MAJOR);
  say("Starting PostgreSQL 15, 17 and 18…");
  const fleet = keep(await startFleet({ majors: [15, 17, 18] }), (servers) => servers.stop());
  say(`Filling the database orders with ${rows.toLocaleString("en-US")} rows on PostgreSQL 15…`);
  const orders = await createOrders(fleet.server(15), { rows });
  const shop = keep(await startShop({ folder: join(folder, "shop"), orders }), (running) => running.stop());
  const slack = keep(await startLocalSlack(), (server) => server.close());
  say("Starting Godwit on its embedded database…");
  const config = await writeFleetConfig({ folder, fleet, orders, major: 15, shopFolder: shop.folder });
  const failure = createFailureSwitch();
  const app = keep(await startGodwit({ folder, slack, failure, environment: config.environment }), (it) =>
    it.stop(),
  );
  return { fleet, orders, shop, slack, app, failure };
}

interface GodwitParts {
  readonly folder: string;
  readonly slack: LocalSlack;
  readonly failure: FailureSwitch;
  readonly environment: Readonly<Record<string, string>>;
}

async function startGodwit({ folder, slack, failure, environment }: GodwitParts): Promise<App> {
  const tokens = {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.url,
    LOG_LEVEL: process.env["LOG_LEVEL"] ?? "error",
  };
  const config = await loadConfig({
    environment: { ...environment, ...tokens },
    folder,
    engines: Object.keys(engines),
  });
  const log = createLog(config.logLevel);
  const wrapProvider = (provider: Parameters<typeof withStepFaults>[0]) =>
    withStepFaults(provider, failure.hook);
  const app = await createApp({ config, log, folder, timings: { progressMs: 1_000 }, wrapProvider });
  try {
    await app.start(["bot", "worker"]);
    return app;
  } catch (error) {
    await app.stop();
    throw error;
  }
}
