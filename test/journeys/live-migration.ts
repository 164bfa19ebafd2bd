import { expect } from "vitest";
import { querySql } from "../support/test-database.ts";
import { until } from "../support/until.ts";
import type { TestFleet } from "../support/with-fleet.ts";
import type { ChatThread } from "./platform/chat-driver.ts";
import type { Stage } from "./stage.ts";

const OF_A_SERVER = `SELECT 'slot ' || slot_name AS name FROM pg_replication_slots
  UNION ALL SELECT 'role ' || rolname FROM pg_roles WHERE rolname LIKE 'godwit%'
  UNION ALL SELECT 'subscription ' || subname FROM pg_subscription`;

/**
 * What replications have made on any server and not taken away: slots, roles, publications and subscriptions. What lets
 * the old database follow stays as long as that is kept, and is told only where asked for.
 */
export async function replicationLeftovers(
  { fleet }: Pick<TestFleet, "fleet">,
  { following = false } = {},
): Promise<string[]> {
  const found = await Promise.all(fleet.servers.map(({ url }) => leftoversOn(url)));
  return found.flat().filter((name) => following || !/_back(_apply)?$/.test(name));
}

async function leftoversOn(url: string): Promise<string[]> {
  const databases = await querySql<{ name: string }>(
    url,
    "SELECT datname AS name FROM pg_database WHERE datallowconn AND NOT datistemplate",
  );
  const published = databases.map(({ name }) =>
    querySql<{ name: string }>(
      url.replace(/postgres$/, name),
      "SELECT 'publication ' || pubname AS name FROM pg_publication",
    ),
  );
  const found = await Promise.all([querySql<{ name: string }>(url, OF_A_SERVER), ...published]);
  return found.flat().map(({ name }) => name);
}

/** The shop writes on, to a server of this major version. */
export async function expectWritesOn({ shop }: Pick<TestFleet, "shop">, major: number): Promise<void> {
  const { accepted } = await shop.status();
  await until(async () => (await shop.status()).accepted > accepted + 5, { what: "the shop to write" });
  expect((await shop.status()).connectedTo?.version).toMatch(new RegExp(`^${major}`));
}

/** How many messages of a thread say this. */
export function countOf(thread: ChatThread, words: RegExp): number {
  return thread.messages().filter((message) => words.test(message.text())).length;
}

/** How often a step of the newest migration was begun. */
export async function timesBegun(stage: Pick<Stage, "pool" | "migration">, step: string): Promise<number> {
  const { rows } = await stage.pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM godwit.events
     WHERE type = 'step-started' AND migration_id = $1 AND data->>'step' = $2`,
    [(await stage.migration()).id, step],
  );
  return rows[0]?.count ?? 0;
}
