import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import type { OrdersDatabase } from "./create-orders.ts";
import { shopFiles } from "./shop/files.ts";
import type { Fleet, FleetMajor } from "./start-fleet.ts";

/** Plans of the sample fleet, cheapest first; sizes and prices are made up. */
export const FLEET_PLANS = [
  plan("pg-s", { name: "S", vcpus: 1, memory: "1GiB", disk: "10GiB", connections: 75, price: 19.5 }),
  plan("pg-m", { name: "M", vcpus: 2, memory: "4GiB", disk: "40GiB", connections: 250, price: 98 }),
  plan("pg-l", { name: "L", vcpus: 4, memory: "16GiB", disk: "160GiB", connections: 500, price: 390 }),
] as const;

/** What godwit.yaml describes. */
export interface FleetConfigOptions {
  /** Where godwit.yaml goes. */
  readonly folder: string;
  readonly fleet: Fleet;
  readonly orders: OrdersDatabase;
  /** Major version of the server that holds the orders. */
  readonly major: FleetMajor;
  /** The folder that the shop was started in. */
  readonly shopFolder: string;
  /** Who may migrate, per platform, as in the `policy.migrate` section; everyone when left out. */
  readonly mayMigrate?: PlatformSections;
  /** Channels where migrations that began elsewhere are followed too, as in the `mirror` section. */
  readonly mirror?: Readonly<Record<string, string>>;
  /** How long a switch of a live migration may take, such as `8s`; as Godwit has it when left out. */
  readonly switchLimit?: string;
}

type PlatformSections = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** The written file and the variables that it reads; set them as Godwit's environment. */
export interface FleetConfig {
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Writes a godwit.yaml for the sample fleet: every server, the add-on addon_orders and the application shop. */
export async function writeFleetConfig(options: FleetConfigOptions): Promise<FleetConfig> {
  const file = join(options.folder, "godwit.yaml");
  const document = {
    support: { slack: { usergroup: "S0SUPPORT" }, discord: { role: "100000000000000001" } },
    ...(options.mayMigrate && { policy: { migrate: options.mayMigrate } }),
    ...(options.mirror && { mirror: options.mirror }),
    providers: [describeProvider(options)],
  };
  await writeFile(file, stringify(document));
  const urls = options.fleet.servers.map(({ id, url }) => [urlVariable(id), url] as const);
  return { file, environment: { ...Object.fromEntries(urls), ORDERS_PASSWORD: options.orders.password } };
}

function describeProvider({ fleet, orders, major, shopFolder, switchLimit }: FleetConfigOptions) {
  const plans = FLEET_PLANS.map(({ id }) => id);
  const { database, user } = orders;
  return {
    kind: "self-hosted",
    name: "fleet",
    currency: "EUR",
    ...(switchLimit !== undefined && { switchLimit }),
    plans: FLEET_PLANS,
    servers: fleet.servers.map(({ id }) => ({
      id,
      engine: "postgresql",
      zone: "par",
      url: `\${${urlVariable(id)}}`,
      plans,
    })),
    addons: [
      {
        id: "addon_orders",
        name: "orders",
        server: fleet.server(major).id,
        plan: "pg-s",
        database,
        user,
        password: "${ORDERS_PASSWORD}",
        applications: ["shop"],
      },
    ],
    applications: [
      {
        id: "shop",
        name: "Shop",
        env: { file: shopFiles(shopFolder).env },
        restart: { command: restartCommand(shopFolder) },
      },
    ],
  };
}

/** The command that restarts the shop of a folder: `node restart-shop.mjs FOLDER`. */
export function restartCommand(shopFolder: string): string[] {
  const program = fileURLToPath(new URL("./shop/restart-shop.mjs", import.meta.url));
  return [process.execPath, program, shopFolder];
}

function urlVariable(serverId: string): string {
  return `${serverId.toUpperCase()}_URL`;
}

function plan<const T extends object>(id: string, rest: T) {
  return { id, engine: "postgresql", ...rest };
}
