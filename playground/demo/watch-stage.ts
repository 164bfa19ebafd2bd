import { setTimeout as sleep } from "node:timers/promises";
import type { ShopStatus } from "../fleet/shop/serve-status.ts";
import type { DemoDatabase, DemoPlatform, DemoShop, DemoState } from "../page/demo-state.ts";
import { SCENARIOS } from "./clever-scenarios.ts";
import { lookAtDatabases, type Whereabouts } from "./look-at-databases.ts";
import type { CleverStand } from "./start-clever-stand.ts";
import type { Stage } from "./start-stage.ts";

const LOOK_MS = 1_000;
const HISTORY_SECONDS = 60;

/** Looks at the stage once a second. */
export interface StageWatch {
  readonly state: () => DemoState;
  stop(): Promise<void>;
}

/** Steps that the demo can make fail, with the titles of the progress card. */
const FAILABLE_STEPS = [
  { name: "provision", title: "Make the new database" },
  { name: "copy-schema", title: "Copy the schema" },
  { name: "fence", title: "Make the old database read-only" },
  { name: "copy-data", title: "Copy the data" },
  { name: "verify", title: "Compare both databases" },
  { name: "restart-applications", title: "Restart the applications" },
];

/** Keeps what the page shows beside the chat up to date. */
export function watchStage(stage: Stage): StageWatch {
  const ending = new AbortController();
  const history = createHistory();
  let databases: readonly DemoDatabase[] = [];
  let shop: DemoShop | null = null;
  const look = async (): Promise<void> => {
    databases = await lookAtDatabases(stage.fleet, await whereaboutsOf(stage));
    shop = await describeShop(stage, history);
  };
  const looking = repeat(look, ending.signal);
  return {
    state: () => ({
      databases,
      shop,
      failableSteps: FAILABLE_STEPS,
      failAt: stage.failure.failAt,
      platform: describePlatform(stage.stand),
      notes: [
        "Type /db migrate as alice: orders is on the fleet, reports at Clever Cloud.",
        "The shop writes to orders all the time; refused writes are counted.",
      ],
    }),
    async stop() {
      ending.abort();
      await looking;
    },
  };
}

/** What the stand-in knows of itself. */
function describePlatform({ clever, addon, switch: scenario }: CleverStand): DemoPlatform {
  const run = clever.migrationsOf(addon).at(-1);
  const step = run?.steps.at(-1)?.value;
  const isIdle = run === undefined || run.status === "OK";
  return {
    name: "Clever Cloud",
    addons: [
      {
        name: addon.name,
        version: `PostgreSQL ${addon.version}`,
        plan: addon.plan.name,
        zone: addon.zone,
        doing: isIdle ? "At rest" : `${run.status}${step === undefined ? "" : `: ${step}`}`,
      },
    ],
    scenarios: SCENARIOS.map(({ name, title }) => ({ name, title })),
    scenario: scenario.chosen,
  };
}

async function repeat(look: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const next = Date.now() + LOOK_MS;
    await look().catch(() => undefined);
    await sleep(Math.max(50, next - Date.now()), undefined, { signal }).catch(() => undefined);
  }
}

async function whereaboutsOf({ app, orders }: Stage): Promise<Whereabouts> {
  const addons = await app.pool.query<{ id: string; name: string; serverId: string; database: string }>(
    `SELECT id, name, server_id AS "serverId", database FROM godwit.fleet_addons ORDER BY name`,
  );
  const retired = await app.pool.query<{ serverId: string; database: string }>(
    `SELECT server_id AS "serverId", database FROM godwit.retired_databases WHERE dropped_at IS NULL`,
  );
  const isOrders = ({ id }: { id: string }) => id === "addon_orders";
  return {
    current: addons.rows.find(isOrders) ?? { serverId: "pg15", database: orders.database },
    retired: retired.rows,
    others: addons.rows.filter((addon) => !isOrders(addon)),
  };
}

interface History {
  readonly accepted: number[];
  readonly refused: number[];
  last: Pick<ShopStatus, "accepted" | "refused"> | null;
}

function createHistory(): History {
  const empty = () => Array.from({ length: HISTORY_SECONDS }, () => 0);
  return { accepted: empty(), refused: empty(), last: null };
}

async function describeShop({ shop, fleet }: Stage, history: History): Promise<DemoShop> {
  const status = await shop.status();
  push(history.accepted, status.accepted - (history.last?.accepted ?? status.accepted));
  push(history.refused, status.refused - (history.last?.refused ?? status.refused));
  history.last = status;
  const { connectedTo } = status;
  const server = fleet.servers.find(({ port }) => port === connectedTo?.port);
  return {
    writesPerSecond: status.writesPerSecond,
    accepted: status.accepted,
    refused: status.refused,
    connectedTo: connectedTo && `${connectedTo.database} on ${server?.id ?? connectedTo.host}`,
    history: [...history.accepted],
    refusedHistory: [...history.refused],
    lastRefusedWindowMs: shop.refusedWindow()?.gapMs ?? null,
  };
}

function push(values: number[], value: number): void {
  values.push(value);
  values.shift();
}
