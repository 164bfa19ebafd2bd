import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import type { OrdersDatabase } from "./create-orders.ts";
import { describeServer, type FleetPart, urlVariable } from "./fleet-part.ts";
import { restartCommand } from "./restart-command.ts";
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
  /** Servers and add-ons of other engines besides. */
  readonly parts?: readonly FleetPart[];
  /** How long a switch of a live migration may take, such as `8s`; as Godwit has it when left out. */
  readonly switchLimit?: string;
  /** Further entries of `providers`. */
  readonly otherProviders?: readonly object[];
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
    providers: [describeProvider(options), ...(options.otherProviders ?? [])],
  };
  await writeFile(file, stringify(document));
  const urls = options.fleet.servers.map(({ id, url }) => [urlVariable(id), url] as const);
  const environment = { ...Object.fromEntries(urls), ORDERS_PASSWORD: options.orders.password };
  return {
    file,
    environment: Object.assign(environment, ...(options.parts ?? []).map((part) => part.environment)),
  };
}

function describeProvider({ fleet, orders, major, shopFolder, switchLimit, parts = [] }: FleetConfigOptions) {
  const plans = FLEET_PLANS.map(({ id }) => id);
  return {
    kind: "self-hosted",
    name: "fleet",
    currency: "EUR",
    ...(switchLimit !== undefined && { switchLimit }),
    plans: [...FLEET_PLANS, ...parts.flatMap((part) => part.plans)],
    servers: [
      ...fleet.servers.map(({ id }) => describeServer(id, { engine: "postgresql", plans })),
      ...parts.flatMap((part) => part.servers),
    ],
    addons: [...parts.flatMap((part) => part.addons), ordersAddon(orders, fleet.server(major).id)],
    applications: [...parts.flatMap((part) => part.applications), shopApplication(shopFolder)],
  };
}

function ordersAddon({ database, user }: OrdersDatabase, server: string) {
  return {
    id: "addon_orders",
    name: "orders",
    server,
    plan: "pg-s",
    database,
    user,
    password: "${ORDERS_PASSWORD}",
    applications: ["shop"],
  };
}

function shopApplication(folder: string) {
  return {
    id: "shop",
    name: "Shop",
    env: { file: shopFiles(folder).env },
    restart: { command: restartCommand(folder) },
  };
}

function plan<const T extends object>(id: string, rest: T) {
  return { id, engine: "postgresql", ...rest };
}
