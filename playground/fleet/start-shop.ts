import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { checkJournal, type JournalCheck, type RefusedWindow, readRefusedWindow } from "./check-journal.ts";
import type { OrdersDatabase } from "./create-orders.ts";
import { shopFiles } from "./shop/files.ts";
import { readJournal } from "./shop/journal.ts";
import type { ShopStatus } from "./shop/serve-status.ts";

/** The running sample application. */
export interface Shop {
  readonly pid: number;
  /** Holds shop.env and shop.journal. */
  readonly folder: string;
  readonly statusUrl: string;
  status(): Promise<ShopStatus>;
  /** Makes the shop read its env file again; resolves when it is connected. */
  restart(): Promise<ShopStatus>;
  /** How long writes were refused; null when none was, or none was accepted since. */
  refusedWindow(): RefusedWindow | null;
  /** Holds the journal against a database, normally the new one, after `stop` or while it runs. */
  checkJournal(url: string): Promise<JournalCheck>;
  /** Ends the shop after the write that is under way; the journal stays. */
  stop(): Promise<void>;
}

/** How to run the shop. */
export interface ShopOptions {
  /** Made if missing; its owner removes it. An existing shop.env is kept. */
  readonly folder: string;
  /** What a missing shop.env is written for. */
  readonly orders?: OrdersDatabase;
  /** Writes a second, 1 to 500; default 50. */
  readonly rate?: number;
}

const START_TIMEOUT_MS = 60_000;

/** Starts the shop and waits until its first order is accepted. */
export async function startShop({ folder, orders, rate = 50 }: ShopOptions): Promise<Shop> {
  const files = shopFiles(folder);
  await mkdir(folder, { recursive: true });
  if (!existsSync(files.env) && orders) await writeShopEnv(folder, orders);
  const child = spawnShop(folder, rate);
  const statusUrl = await untilWriting(child, files.address).catch(async (error: unknown) => {
    await end(child);
    throw error;
  });
  return {
    pid: child.pid ?? 0,
    folder,
    statusUrl,
    status: () => call(`${statusUrl}/status`, "GET"),
    restart: () => call(`${statusUrl}/restart`, "POST"),
    refusedWindow: () => readRefusedWindow(readJournal(files.journal)),
    checkJournal: (url) => checkJournal(files.journal, url),
    stop: () => end(child),
  };
}

/** Writes the add-on's variables as the shop reads them, with a line that is the shop's own. */
export async function writeShopEnv(folder: string, orders: OrdersDatabase): Promise<void> {
  const { host, port, database, user, password, url } = orders;
  const values = { HOST: host, PORT: port, DB: database, USER: user, PASSWORD: password, URI: url };
  const lines = Object.entries(values).map(([name, value]) => `POSTGRESQL_ADDON_${name}=${value}`);
  const text = ["# Read by the shop when it starts", "SHOP_NAME=Godwit & Sons", ...lines, ""].join("\n");
  await writeFile(shopFiles(folder).env, text, { mode: 0o600 });
}

/** The pipe to its standard input ends the shop when this process ends, however it ends. */
function spawnShop(folder: string, rate: number): ChildProcess {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const program = fileURLToPath(new URL("./shop/shop.ts", import.meta.url));
  return spawn(process.execPath, ["--import", tsx, program, folder, String(rate)], {
    stdio: ["pipe", "ignore", "inherit"],
  });
}

async function untilWriting(child: ChildProcess, addressFile: string): Promise<string> {
  for (const deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline; await sleep(20)) {
    if (child.exitCode !== null) throw new Error(`the shop ended with ${child.exitCode}`);
    const address = (await readFile(addressFile, "utf8").catch(() => "")).trim();
    if (address !== "" && (await call(`${address}/status`, "GET")).accepted > 0) return address;
  }
  throw new Error("the shop has written nothing for a minute");
}

async function call(url: string, method: "GET" | "POST"): Promise<ShopStatus> {
  const response = await fetch(url, { method });
  if (!response.ok) throw new Error(`the shop answered ${response.status}`);
  return (await response.json()) as ShopStatus;
}

async function end(child: ChildProcess): Promise<void> {
  child.stdin?.end();
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}
