import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { Secret } from "../../src/core/secret.ts";
import { createMysqlEngine } from "../../src/engines/mysql/index.ts";
import { aDatabase, asRoot } from "../engines/mysql/databases.ts";
import { aPair, asAdmin } from "../engines/redis/make-subject.ts";
import { mysqlUrl, pgBin } from "../support/shared-servers.ts";
import { lastLine, useCopies } from "./copy-support.ts";
import { runGodwit } from "./run-godwit.ts";

const copies = useCopies();
const MEBIBYTE = 2 ** 20;
const [SMALL, LARGE] = [1, 256];
/** What a copy of the large database may need besides that of the small one: buffers and garbage, not data. */
const ROOM_BYTES = 96 * MEBIBYTE;

interface Order {
  readonly engine: string;
  readonly from: string;
  readonly to: string;
}

/** Peak memory of `godwit copy`, in bytes. */
async function peakOf({ engine, from, to }: Order): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "godwit-copy-"));
  const preloaded = fileURLToPath(new URL("tell-peak-memory.ts", import.meta.url));
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const peakFile = join(folder, "peak");
  try {
    const run = await runGodwit(["copy", "--engine", engine, "--json", "--unfence"], {
      folder,
      environment: {
        GODWIT_FROM_URL: from,
        GODWIT_TO_URL: to,
        GODWIT_PG_BIN: pgBin(),
        PEAK_FILE: peakFile,
        NODE_OPTIONS: `--import=${tsx} --import=${pathToFileURL(preloaded).href}`,
      },
    });
    expect({ exitCode: run.exitCode, stderr: run.stderr, ...lastLine(run) }).toMatchObject({
      exitCode: 0,
      verified: true,
    });
    return Number(await readFile(peakFile, "utf8"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Copies so many MiB. */
type Copy = (mebibytes: number) => Promise<number>;

const copyPostgresql: Copy = async (mebibytes) => {
  const { from, to } = await copies.make(
    `CREATE TABLE t (id int PRIMARY KEY, v text);
     INSERT INTO t SELECT i, repeat(md5(i::text), 256) FROM generate_series(1, ${mebibytes * 128}) i`,
  );
  return peakOf({ engine: "postgresql", from, to });
};

const copyMysql: Copy = async (mebibytes) => {
  const source = await aDatabase("mariadb-10.11", [
    "CREATE TABLE t (id int PRIMARY KEY, v text)",
    `INSERT INTO t SELECT seq, repeat(md5(seq), 256) FROM seq_1_to_${mebibytes * 128}`,
  ]);
  const made = `copy_${source.database.slice(-8)}`;
  const urlOf = async (name: "mariadb-10.11" | "mariadb-11.8", database: string): Promise<string> =>
    `${await mysqlUrl(name)}/${encodeURIComponent(database)}`;
  const to = await urlOf("mariadb-11.8", made);
  try {
    return await peakOf({ engine: "mysql", from: await urlOf("mariadb-10.11", source.database), to });
  } finally {
    const target = { ...source, server: { id: "mariadb-11.8", adminUrl: new Secret(to) }, database: made };
    await asRoot(target, (root) => root.run(`DROP DATABASE IF EXISTS ${made}`)).catch(() => undefined);
    await createMysqlEngine().drop(source, new AbortController().signal);
  }
};

const copyRedis: Copy = async (mebibytes) => {
  const { pair, servers, stop } = await aPair(["redis-7", "redis-8"]);
  try {
    await asAdmin(pair.source, async (client) => {
      const value = "x".repeat(MEBIBYTE / 8);
      for (let key = 0; key < mebibytes * 8; key += 1) await client.set(`key ${key}`, `${key}${value}`);
    });
    return await peakOf({ engine: "redis", from: servers[0].adminUrl, to: servers[1].adminUrl });
  } finally {
    await stop();
  }
};

it.each([
  ["postgresql", copyPostgresql],
  ["mysql", copyMysql],
  ["redis", copyRedis],
] as const)(
  `godwit copy --engine %s of ${LARGE} MiB takes about as much memory as of ${SMALL} MiB`,
  async (_, copy) => {
    const small = await copy(SMALL);
    const large = await copy(LARGE);

    expect(small).toBeGreaterThan(0);
    expect((large - small) / MEBIBYTE).toBeLessThan(ROOM_BYTES / MEBIBYTE);
  },
  240_000,
);
