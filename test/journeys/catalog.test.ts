import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import mysql, { type RowDataPacket } from "mysql2/promise";
import { describe, expect, it } from "vitest";
import { describeCatalog } from "../../playground/fleet/describe-catalog.ts";
import { makeGuardedFolder } from "../../playground/fleet/make-guarded-folder.ts";
import { type Catalog, startCatalog } from "../../playground/fleet/start-catalog.ts";
import { until } from "../support/until.ts";
import { askForMigration, startMigration, untilState } from "./ask-for-migration.ts";
import { PAIRS, type Stage, withStage } from "./stage.ts";

const WISH = { addon: "catalog", version: "MariaDB 11.8" } as const;
const LONG = { timeoutMs: 90_000 };

describe.each(PAIRS)("a catalog on MariaDB, asked for in %s, queue on %s", (platform, backend) => {
  const onStage = (body: (catalog: Catalog, stage: Stage) => Promise<void>): Promise<void> =>
    withCatalog((catalog) =>
      withStage(
        { platform, backend, part: describeCatalog(catalog), addonId: "addon_catalog" },
        async (stage) => await body(catalog, stage),
      ),
    );

  it("moves from 10.11 to 11.8 without a lost write, and nobody is told of another engine", async () => {
    await onStage(async (catalog, stage) => {
      const { chat } = stage;
      await stage.startGodwit();
      await chat.person("alice").runs("/db list");
      expect(await chat.person("alice").isTold(/catalog/)).toMatch(/catalog.*MariaDB 10\.11, plan/);

      const root = await askForMigration(chat, WISH);
      await chat.person("alice").presses(root, "Migrate the database");
      const thread = root.thread();
      await thread.waitFor(/catalog is migrated/, LONG);

      await expectMoved(catalog);
      const told = `${root.text()}\n${thread.text()}`;
      expect(told).toMatch(/MariaDB 10\.11 to MariaDB 11\.8/);
      expect(told).toMatch(/Verified: 3 tables with [\d,]+ rows .* with 4 counters and/);
      expect(told).toMatch(
        /Generated columns are computed anew on the new server: “products.price_with_tax”/,
      );
      expect(told).toMatch(/MYSQL_ADDON_URI have new values/);
      expect(told).not.toMatch(/postgres|\bpg_|redis|\bkeys\b|sequence/i);
      expect(chat.supportPages()).toEqual([]);
    });
  }, 240_000);

  it("goes on taking writes on the old server after a copy that failed, and nothing is left on the new one", async () => {
    await onStage(async (catalog, stage) => {
      const { chat } = stage;
      const godwit = await stage.startGodwit();
      godwit.order({ failAt: "copy-data" });

      const thread = await startMigration(chat, WISH);
      await thread.waitFor(/is back in service/, LONG);
      await untilState(stage, "rolled_back");

      expect((await stage.migration()).failure).toMatchObject({ step: "copy-data", code: "forced-failure" });
      expect(chat.supportPages()).toHaveLength(1);
      await untilWriting(catalog);
      expect((await catalog.storefront.status()).connectedTo?.version).toMatch(/^MariaDB 10\.11/);
      expect(await checkJournal(catalog)).toMatchObject({ missing: [] });
      expect(await leftovers(catalog)).toEqual([]);
    });
  }, 240_000);
});

async function withCatalog(body: (catalog: Catalog) => Promise<void>): Promise<void> {
  const folder = await makeGuardedFolder("catalog");
  const catalog = await startCatalog({ folder: folder.path });
  try {
    await body(catalog);
  } finally {
    await catalog.stop();
    await folder.remove();
  }
}

/** Every price that the storefront was told is saved is on the new server, and the storefront writes there. */
async function expectMoved(catalog: Catalog): Promise<void> {
  await untilWriting(catalog);
  const journal = await checkJournal(catalog);
  const variables = await environmentOf(catalog);

  expect((await catalog.storefront.status()).connectedTo?.version).toMatch(/^MariaDB 11\.8/);
  expect(journal).toMatchObject({ missing: [], present: journal.accepted });
  expect(journal.refused).toBeGreaterThan(0);
  expect(variables["STORE_NAME"]).toBe("Maps & Books");
  expect(variables["MYSQL_ADDON_PORT"]).toBe(String(catalog.servers[1]?.port));
}

async function untilWriting({ storefront }: Catalog): Promise<void> {
  const { accepted } = await storefront.status();
  await until(async () => (await storefront.status()).accepted > accepted + 5, {
    what: "the storefront to write",
  });
}

async function checkJournal(catalog: Catalog) {
  return catalog.storefront.checkJournal((await environmentOf(catalog))["MYSQL_ADDON_URI"] ?? "");
}

async function environmentOf({ storefront }: Catalog): Promise<Readonly<Record<string, string | undefined>>> {
  return parseEnv(await readFile(join(storefront.folder, "shop.env"), "utf8"));
}

/** Databases and users on the new server that a returned migration should have removed. */
async function leftovers({ servers }: Catalog): Promise<string[]> {
  const session = await mysql.createConnection(servers[1]?.url ?? "");
  const [rows] = await session.query<RowDataPacket[]>(
    `SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'catalog%' OR SCHEMA_NAME LIKE 'godwit%'
     UNION ALL SELECT User FROM mysql.user WHERE User LIKE 'catalog%'`,
  );
  await session.end();
  return rows.map((row) => String(row["name"]));
}
