import { describeServer, type FleetPart, urlVariable } from "./fleet-part.ts";
import { restartCommand } from "./restart-command.ts";
import { shopFiles } from "./shop/files.ts";
import type { Catalog } from "./start-catalog.ts";

/** Plans of servers for the catalog; sizes and prices are made up. */
const PLANS = [
  plan("mysql-s", { name: "S", vcpus: 1, memory: "1GiB", disk: "10GiB", connections: 75, price: 15 }),
  plan("mysql-m", { name: "M", vcpus: 2, memory: "4GiB", disk: "40GiB", connections: 200, price: 72.5 }),
] as const;

/** What godwit.yaml says of the servers for the catalog, its add-on and its application. */
export function describeCatalog({ servers, database, user, password, storefront }: Catalog): FleetPart {
  const plans = PLANS.map(({ id }) => id);
  const urls = servers.map(({ name, url }) => [urlVariable(name), url] as const);
  return {
    plans: PLANS,
    servers: servers.map(({ name }) => describeServer(name, { engine: "mysql", plans })),
    addons: [
      {
        id: "addon_catalog",
        name: "catalog",
        server: servers[0]?.name,
        plan: "mysql-s",
        database,
        user,
        password: "${CATALOG_PASSWORD}",
        applications: ["storefront"],
      },
    ],
    applications: [
      {
        id: "storefront",
        name: "Storefront",
        env: { file: shopFiles(storefront.folder).env },
        restart: { command: restartCommand(storefront.folder) },
      },
    ],
    environment: { ...Object.fromEntries(urls), CATALOG_PASSWORD: password },
  };
}

function plan<const T extends object>(id: string, rest: T) {
  return { id, engine: "mysql", ...rest };
}
