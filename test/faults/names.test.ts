import { createConnection } from "mysql2/promise";
import { Client } from "pg";
import { expect, it } from "vitest";
import { quoteName as quoteInMysql, quoteText as textInMysql } from "../../src/engines/mysql/sql.ts";
import { inChunks, quoteName, quoteText } from "../../src/engines/postgresql/sql.ts";
import { columnList, readTables } from "../../src/engines/postgresql/tables.ts";
import { mysqlUrl } from "../support/shared-servers.ts";
import { createTestDatabase } from "../support/test-database.ts";
import { hostileTexts } from "./hostile-text.ts";
import { amount } from "./length.ts";
import { seeded } from "./simulation/random.ts";

const NAMES = amount(1_000, 10_000);
const SEED = Number(process.env["FAULTS_SEED"] ?? 1);
const PER_TRANSACTION = 250;
/** PostgreSQL cuts names off behind so many bytes (`NAMEDATALEN`), MySQL refuses more characters than its limit. */
const MOST_BYTES = 63;

async function inPostgresql(work: (client: Client) => Promise<void>): Promise<void> {
  const database = await createTestDatabase();
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
    await database.drop();
  }
}

const byText = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other));

it(`${NAMES} hostile names of tables and columns are found in PostgreSQL as they were written (seed ${SEED})`, async () => {
  const names = hostileTexts(seeded(SEED), { count: NAMES, bytes: MOST_BYTES });
  await inPostgresql(async (client) => {
    for (const chunk of inChunks(names, PER_TRANSACTION)) {
      const created = chunk.map((name) => `CREATE TABLE public.${quoteName(name)} (${quoteName(name)} int)`);
      await client.query(created.join("; "));
      const tables = await readTables(client);
      expect(tables.map(({ name }) => name).toSorted(byText)).toEqual(chunk.toSorted(byText));
      expect(tables.map(({ columns }) => columns[0]?.name)).toEqual(tables.map(({ name }) => name));
      await client.query(tables.map((table) => `SELECT ${columnList(table)} FROM ${table.sql}`).join("; "));
      await client.query(tables.map(({ sql }) => `DROP TABLE ${sql}`).join("; "));
    }
    expect(await readTables(client)).toEqual([]);
  });
}, 600_000);

it.each(["on", "off"])(
  `${NAMES} hostile texts come back from PostgreSQL with standard_conforming_strings %s (seed ${SEED})`,
  async (setting) => {
    const texts = hostileTexts(seeded(SEED + 1), { count: NAMES, bytes: 200 });
    await inPostgresql(async (client) => {
      await client.query(`SET standard_conforming_strings = ${setting}; SET escape_string_warning = off`);
      for (const chunk of inChunks(texts, PER_TRANSACTION)) {
        const { rows } = await client.query(`SELECT ARRAY[${chunk.map(quoteText).join(", ")}] AS texts`);
        expect(rows[0].texts).toEqual(chunk);
      }
    });
  },
  600_000,
);

/** MariaDB compares names without case, accents and trailing blanks, and takes no blank at their end. */
const sameInMysql = (name: string): string =>
  name
    .normalize("NFKD")
    .replace(/[^\x21-\x7e]/g, "?")
    .toLowerCase();

it(`${NAMES} hostile names and texts come back from MariaDB (seed ${SEED})`, async () => {
  const names = hostileTexts(seeded(SEED + 2), {
    count: Math.min(NAMES, 4_000),
    bytes: MOST_BYTES,
    astral: false,
    keyOf: sameInMysql,
  }).filter((name) => !/\s$/.test(name));
  const texts = hostileTexts(seeded(SEED + 3), { count: NAMES, bytes: 200 });
  const connection = await createConnection({
    uri: await mysqlUrl("mariadb-11.8"),
    charset: "utf8mb4",
    multipleStatements: true,
  });
  const database = `names_${process.pid}`;
  try {
    await connection.query(`CREATE DATABASE ${quoteInMysql(database)}; USE ${quoteInMysql(database)}`);
    for (const chunk of inChunks(names, 60)) {
      const columns = chunk.map((name) => `${quoteInMysql(name)} int`).join(", ");
      const [first = ""] = chunk;
      await connection.query(`CREATE TABLE ${quoteInMysql(first)} (${columns})`);
      const [rows] = await connection.query(
        "SELECT table_name AS t, column_name AS c FROM information_schema.columns WHERE table_schema = ? ORDER BY ordinal_position",
        [database],
      );
      expect((rows as { t: string; c: string }[]).map(({ c }) => c)).toEqual(chunk);
      expect((rows as { t: string }[])[0]?.t).toBe(first);
      await connection.query(`DROP TABLE ${quoteInMysql(first)}`);
    }
    for (const chunk of inChunks(texts, PER_TRANSACTION)) {
      const [rows] = await connection.query(
        chunk.map((text) => `SELECT ${textInMysql(text)} AS text`).join(" UNION ALL "),
      );
      expect((rows as { text: string }[]).map(({ text }) => text)).toEqual(chunk);
    }
  } finally {
    await connection.query(`DROP DATABASE IF EXISTS ${quoteInMysql(database)}`);
    await connection.end();
  }
}, 600_000);
