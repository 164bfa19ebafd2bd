import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { ShopStatus } from "../../fleet/shop/serve-status.ts";
import type { Stage } from "../start-stage.ts";
import { type ScriptOutcome, sayAll } from "./script-outcome.ts";
import { aliceOf, CONFIRM } from "./scripted-alice.ts";

const MIGRATION_MS = 300_000;
/** The shop goes on writing to the new database for this long before its journal is held against it. */
const AFTERWARDS_MS = 2_000;
const WISH = { addon: "orders", plan: "pg-m", version: "18", price: /78\.50 EUR more/ };

/** Alice migrates the orders from PostgreSQL 15 to 18 while the shop writes, then everything is checked. */
export async function playOrders(stage: Stage, say: (line: string) => void): Promise<ScriptOutcome> {
  const alice = aliceOf(stage);
  const root = await alice.asks(WISH, say);
  await alice.presses(root, CONFIRM);
  const thread = root.thread();
  const end = await thread.waitFor(/orders is migrated|Try again|Retry from this step/, {
    timeoutMs: MIGRATION_MS,
  });
  await sleep(AFTERWARDS_MS);
  sayAll(root, say);
  return check(stage, end);
}

async function check(stage: Stage, end: { text(): string }): Promise<ScriptOutcome> {
  const { shop, app } = stage;
  const [migration] = await app.deps.store.migrations({ addonId: "addon_orders", limit: 1 });
  const refused = violationsOf(stage);
  const [status, window] = [await shop.status(), shop.refusedWindow()];
  const journal = await shop.checkJournal(await newDatabaseUrl(stage));
  const shown = migration?.readOnlyFrom && migration.readOnlyUntil;
  const cardMs = shown ? migration.readOnlyUntil.getTime() - migration.readOnlyFrom.getTime() : Number.NaN;
  const complaints = [
    migration?.state === "succeeded" ? "" : `the migration ended as ${migration?.state}: ${end.text()}`,
    migration?.proof && migration.proof.notVerified.length === 0 ? "" : "the migration was not verified",
    journal.missing.length === 0 ? "" : `${journal.missing.length} accepted writes are lost`,
    status.connectedTo?.version.startsWith("18") ? "" : `the shop writes to ${describe(status)}`,
    window && Math.abs(window.gapMs - cardMs) <= 1_000
      ? ""
      : `the card says ${cardMs} ms, the shop saw ${window?.gapMs} ms`,
    refused.length === 0 ? "" : `the platform would have refused ${JSON.stringify(refused)}`,
  ].filter((complaint) => complaint !== "");
  const lines = [
    `writes accepted ${journal.accepted}, present ${journal.present}, lost ${journal.missing.length}`,
    `writes refused with a clean read-only error ${journal.refused}, other errors ${JSON.stringify(journal.otherErrors)}`,
    `no write was possible for ${seconds(window?.gapMs)} as the shop saw it, ${seconds(cardMs)} by the card`,
    `the shop now writes to ${describe(status)}`,
  ];
  return { complaints, lines };
}

/** Messages that the real platform would have refused. */
function violationsOf({ slack, discord }: Stage): readonly unknown[] {
  return [...(slack?.violations ?? []), ...(discord?.violations ?? [])];
}

async function newDatabaseUrl({ shop }: Stage): Promise<string> {
  const text = await readFile(`${shop.folder}/shop.env`, "utf8");
  return /^POSTGRESQL_ADDON_URI=["']?([^"'\n]+)/m.exec(text)?.[1] ?? "";
}

function describe({ connectedTo }: ShopStatus): string {
  return connectedTo ? `${connectedTo.database} on PostgreSQL ${connectedTo.version}` : "nothing";
}

function seconds(ms: number | undefined): string {
  return ms === undefined || Number.isNaN(ms) ? "an unknown time" : `${(ms / 1000).toFixed(2)} s`;
}
