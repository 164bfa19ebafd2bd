import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import mysql from "mysql2/promise";
import type { MysqlServerName } from "../../scripts/tools/ensure-mysql.ts";
import { type MysqlServer, startMysql } from "../servers/mysql.ts";
import { catalogStatements } from "./catalog-schema.ts";
import { shopFiles } from "./shop/files.ts";
import { type Shop, startShop } from "./start-shop.ts";

/** Servers of the sample fleet for the catalog: the first one holds the add-on, the others are free. */
export interface Catalog {
  readonly servers: readonly MysqlServer[];
  readonly database: string;
  /** The application's user on the first server. */
  readonly user: string;
  readonly password: string;
  /** Changes a price each time. */
  readonly storefront: Shop;
  stop(): Promise<void>;
}

/** What to start. */
export interface CatalogOptions {
  /** Of the application; its owner removes it. */
  readonly folder: string;
  readonly versions?: readonly MysqlServerName[];
  /** Products that are there at the start, with three changes of price each; default 2,000. */
  readonly products?: number;
}

const NAME = "catalog";

/** Starts the servers, fills a database on the first one, and starts an application that writes to it all the time. */
export async function startCatalog({
  folder,
  versions = ["mariadb-10.11", "mariadb-11.8"],
  products = 2_000,
}: CatalogOptions): Promise<Catalog> {
  const servers = await Promise.all(
    versions.map((version) => startMysql(version, { "event-scheduler": "ON" })),
  );
  const stopServers = async (): Promise<void> => void (await Promise.all(servers.map((each) => each.stop())));
  try {
    const [home] = servers;
    if (home === undefined) throw new Error("a catalog needs a server");
    const password = randomBytes(12).toString("hex");
    await create(home, password);
    await fill(home, { password, products });
    await writeEnv(folder, home, password);
    const storefront = await startShop({ folder });
    const stop = async (): Promise<void> => {
      await storefront.stop();
      await stopServers();
    };
    return { servers, database: NAME, user: NAME, password, storefront, stop };
  } catch (error) {
    await stopServers();
    throw error;
  }
}

function create({ url }: MysqlServer, password: string): Promise<void> {
  return run(url, [
    `CREATE DATABASE ${NAME} CHARACTER SET utf8mb4`,
    `CREATE USER ${NAME}@'%' IDENTIFIED BY '${password}'`,
    `GRANT ALL PRIVILEGES ON ${NAME}.* TO ${NAME}@'%'`,
  ]);
}

/** The application made its tables itself, as applications do. */
function fill(
  home: MysqlServer,
  { password, products }: { password: string; products: number },
): Promise<void> {
  return run(urlOf(home, password), catalogStatements(products));
}

async function run(uri: string, statements: readonly string[]): Promise<void> {
  const session = await mysql.createConnection(uri);
  try {
    for (const statement of statements) await session.query(statement);
  } finally {
    session.destroy();
  }
}

function urlOf({ port }: MysqlServer, password: string): string {
  return `mysql://${NAME}:${password}@127.0.0.1:${port}/${NAME}`;
}

async function writeEnv(folder: string, home: MysqlServer, password: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const values = {
    HOST: "127.0.0.1",
    PORT: home.port,
    DB: NAME,
    USER: NAME,
    PASSWORD: password,
    URI: urlOf(home, password),
  };
  const lines = Object.entries(values).map(([name, value]) => `MYSQL_ADDON_${name}=${value}`);
  const text = ["# Read by the storefront when it starts", "STORE_NAME=Maps & Books", ...lines, ""].join(
    "\n",
  );
  await writeFile(shopFiles(folder).env, text, { mode: 0o600 });
}
