import type { Stage } from "../start-stage.ts";
import { type ScriptOutcome, sayAll } from "./script-outcome.ts";
import { aliceOf, CONFIRM, TRY_AGAIN } from "./scripted-alice.ts";

const MIGRATION_MS = 120_000;
const WISH = { addon: "reports", version: "17", price: /per month/ };

/**
 * Alice migrates the reports at the local Clever Cloud from PostgreSQL 15 to 17. The first attempt fails while the
 * platform copies and is back on the old database by itself; the second one ends well.
 */
export async function playReports(stage: Stage, say: (line: string) => void): Promise<ScriptOutcome> {
  const alice = aliceOf(stage);
  stage.stand.switch.choose("recovered");
  const root = await alice.asks(WISH, say);
  await alice.presses(root, CONFIRM);
  const thread = root.thread();
  const failure = await thread.waitFor((message) => message.buttons().includes(TRY_AGAIN), {
    timeoutMs: MIGRATION_MS,
  });
  await alice.presses(failure, TRY_AGAIN);
  const end = await thread.waitFor(/reports is migrated/, { timeoutMs: MIGRATION_MS });
  sayAll(root, say);
  return check(stage, end);
}

async function check({ app, stand }: Stage, end: { text(): string }): Promise<ScriptOutcome> {
  const { clever, addon } = stand;
  const [migration] = await app.deps.store.migrations({ addonId: addon.id, limit: 1 });
  const orders = clever.callsTo("startMigration").length;
  const complaints = [
    migration?.state === "succeeded" ? "" : `the migration ended as ${migration?.state}: ${end.text()}`,
    orders === 2 ? "" : `${orders} migrations were ordered`,
    clever.violations.length === 0
      ? ""
      : `Clever Cloud would have refused ${JSON.stringify(clever.violations)}`,
  ].filter((complaint) => complaint !== "");
  return { complaints, lines: [`reports is on PostgreSQL ${addon.version}, after ${orders} attempts`] };
}
