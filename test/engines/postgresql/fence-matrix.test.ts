import { once } from "node:events";
import { Client, Pool } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { DatabaseAccess, FenceHold } from "../../../src/core/ports/engine.ts";
import { Secret } from "../../../src/core/secret.ts";
import type { JsonObject } from "../../../src/core/step.ts";
import { startEmbeddedPostgres } from "../../../src/store/embedded/start-embedded-postgres.ts";
import { aCall } from "../../contracts/engine-subject.ts";
import { querySql } from "../../support/test-database.ts";
import { until } from "../../support/until.ts";
import { adminUrl, appUrl } from "./database-urls.ts";
import { aGuest, dropGuest, fenceElsewhere, readFenceState } from "./fence-state.ts";
import { aDatabase, anEngine } from "./make-subject.ts";

const signal = new AbortController().signal;
const engine = anEngine();
const HOLDER = "godwit mig_fence";
const REFUSED = { code: expect.stringMatching(/^(25006|42501|55P03)$/) };

const SCHEMA = `
CREATE TABLE t (id int, note text); INSERT INTO t VALUES (1, 'a'); CREATE SEQUENCE s; CREATE VIEW v AS SELECT id FROM t;
CREATE TABLE mixed (a int, b int); GRANT SELECT ON mixed TO pg_monitor WITH GRANT OPTION; GRANT UPDATE (a), SELECT (b) ON mixed TO PUBLIC;
REVOKE DELETE ON mixed FROM CURRENT_USER; GRANT INSERT, TRUNCATE ON t TO pg_monitor; GRANT USAGE ON SEQUENCE s TO PUBLIC; GRANT EXECUTE ON FUNCTION pg_sleep TO PUBLIC;
CREATE FUNCTION own_write() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'INSERT INTO public.t VALUES (3)';
ALTER DEFAULT PRIVILEGES GRANT INSERT ON TABLES TO pg_monitor;
`;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const withOptions = (database: DatabaseAccess, options: string): string =>
  `${appUrl(database)}?options=${encodeURIComponent(options)}`;
const PATIENT = "-c lock_timeout=150";

async function planned(source: DatabaseAccess): Promise<JsonObject> {
  return JSON.parse(JSON.stringify(await engine.planFence(source, signal))) as JsonObject;
}

let owner: DatabaseAccess;
let guest: DatabaseAccess;
beforeAll(async () => {
  owner = await aDatabase(15, SCHEMA);
  await querySql(adminUrl(owner), `ALTER DATABASE ${quoted(owner.database)} SET lock_timeout = '5s'`);
  guest = await aGuest(owner);
});
afterAll(async () => {
  await dropGuest(guest);
  await engine.drop(owner, signal);
});

describe.each(["owns its database", "does not own its database"] as const)(
  "an application that %s",
  (kind) => {
    let app: DatabaseAccess;
    let undo: JsonObject;
    let hold: FenceHold;
    let before: unknown;
    beforeAll(async () => {
      app = kind === "owns its database" ? owner : guest;
      before = await readFenceState(app);
      undo = await planned(app);
      hold = await engine.fence(app, undo, HOLDER, aCall());
    });
    afterAll(() => hold?.release());

    const database = () => quoted(app.database);
    const INSERT = "INSERT INTO t VALUES (2)";
    it.each([
      ["a plain write", () => [INSERT]],
      ["SET in the session", () => ["SET default_transaction_read_only = off", INSERT]],
      ["SET TRANSACTION", () => ["BEGIN", "SET TRANSACTION READ WRITE", INSERT]],
      ["BEGIN READ WRITE", () => ["BEGIN READ WRITE", INSERT]],
      ["TRUNCATE", () => ["BEGIN READ WRITE", "TRUNCATE t"]],
      ["UPDATE of a granted column", () => ["BEGIN READ WRITE", "UPDATE mixed SET a = 1"]],
      ["SELECT FOR UPDATE", () => ["BEGIN READ WRITE", "SELECT FROM t FOR UPDATE"]],
      ["nextval", () => ["BEGIN READ WRITE", "SELECT nextval('s')"]],
      ["a write through a view", () => ["BEGIN READ WRITE", "UPDATE v SET id = 2"]],
      ["a function of the owner's", () => ["BEGIN READ WRITE", "SELECT own_write()"]],
      ["COPY", () => ["BEGIN READ WRITE", "COPY t FROM PROGRAM 'true'"]],
      ["a grant to itself", () => ["BEGIN READ WRITE", "GRANT INSERT ON t TO CURRENT_USER", INSERT]],
      ["ALTER TABLE", () => ["BEGIN READ WRITE", "ALTER TABLE t ADD COLUMN more int"]],
      ["CREATE TABLE", () => ["BEGIN READ WRITE", "CREATE TABLE later ()"]],
      ["DROP TABLE", () => ["BEGIN READ WRITE", "DROP TABLE mixed"]],
      ["CREATE SCHEMA", () => ["BEGIN READ WRITE", "CREATE SCHEMA later"]],
      ["a large object", () => ["BEGIN READ WRITE", "SELECT lo_create(0)"]],
    ])("cannot write by %s", async (_, statements) => {
      const client = new Client({ connectionString: withOptions(app, PATIENT) });
      await client.connect();
      const run = async (): Promise<void> => {
        await client.query("SET search_path = public");
        for (const statement of statements()) await client.query(statement);
      };
      await expect(run()).rejects.toMatchObject(REFUSED);
      await client.end();
    });

    it("cannot write by options in the URL, nor by settings of its own", async () => {
      const loose = "-c default_transaction_read_only=off";
      await expect(querySql(withOptions(app, loose), INSERT)).rejects.toMatchObject(REFUSED);
      const role = quoted(app.username);
      const changes = [
        `ALTER ROLE ${role} SET default_transaction_read_only = off`,
        `ALTER ROLE ${role} IN DATABASE ${database()} SET default_transaction_read_only = off`,
        `ALTER DATABASE ${database()} RESET default_transaction_read_only`,
        `ALTER DATABASE ${database()} RESET ALL`,
        `ALTER DATABASE ${database()} RESET "godwit.fence"`,
      ];
      for (const change of changes) {
        await querySql(withOptions(app, loose), change).catch(() => undefined);
        await expect(querySql(withOptions(app, PATIENT), INSERT), change).rejects.toMatchObject(REFUSED);
      }
      const root = app.server.adminUrl.reveal();
      await querySql(root, `ALTER ROLE ${role} RESET default_transaction_read_only`);
      await querySql(root, `ALTER DATABASE ${database()} SET search_path = public, "q""s"`);
      await querySql(root, `ALTER DATABASE ${database()} RESET lock_timeout`);
    });

    it("is proved fenced, and has everything back as it was, byte for byte", async () => {
      await engine.proveFence(app, hold, signal);
      await engine.unfence(app, undo, HOLDER, signal);
      const after = await readFenceState(app);
      expect(Object.keys(after).filter((key) => after[key] === undefined)).toEqual([]);
      expect({ ...after, settings: null }).toEqual({ ...(before as object), settings: null });
      await querySql(appUrl(app), INSERT);
    });
  },
);

describe("a fence", () => {
  const made: DatabaseAccess[] = [];
  afterEach(async () => {
    for (const database of made.splice(0)) await engine.drop(database, signal);
  });
  async function aSource(sql = SCHEMA): Promise<DatabaseAccess> {
    const source = await aDatabase(15, sql);
    made.push(source);
    await querySql(adminUrl(source), `ALTER DATABASE ${quoted(source.database)} SET lock_timeout = '5s'`);
    return source;
  }

  it("outlives SIGKILL of its holder, and is taken away to the byte", async () => {
    const source = await aSource();
    const before = await readFenceState(source);
    const undo = await planned(source);
    const child = await fenceElsewhere(source, { undo, holder: HOLDER });
    child.kill("SIGKILL");
    await once(child, "close");
    const write = querySql(appUrl(source), "BEGIN READ WRITE; INSERT INTO t VALUES (2)");
    await expect(write).rejects.toMatchObject({ code: "42501" });
    await engine.unfence(source, undo, HOLDER, signal);
    expect(await readFenceState(source)).toEqual(before);
    await querySql(appUrl(source), "INSERT INTO t VALUES (2)");
  });

  it("ends open transactions, and a pool that reconnects reads until it may write again", async () => {
    const source = await aSource();
    const writer = new Client({ connectionString: appUrl(source) });
    writer.on("error", () => undefined);
    await writer.connect();
    await writer.query("BEGIN; UPDATE t SET note = 'never'");
    const pool = new Pool({ connectionString: appUrl(source), max: 3 });
    pool.on("error", () => undefined);
    await Promise.all([1, 2, 3].map(() => pool.query("SELECT 1")));
    const undo = await planned(source);
    const hold = await engine.fence(source, undo, HOLDER, aCall());
    await expect(writer.query("COMMIT")).rejects.toThrow();
    const codes = new Set<unknown>();
    for (let round = 0; round < 20; round += 1) {
      const write = pool.query("INSERT INTO t VALUES (9)").catch((error: unknown) => error);
      codes.add(((await write) as { code?: unknown }).code);
    }
    expect(codes).toContain("25006");
    expect((await pool.query("SELECT note FROM t")).rows).toEqual([{ note: "a" }]);
    await engine.proveFence(source, hold, signal);
    await engine.unfence(source, undo, HOLDER, signal);
    const writes = () => pool.query("INSERT INTO t VALUES (9)").then(() => true);
    await until(writes, { what: "the pool to write again" });
    await pool.end();
  });

  it.each(["the mark", "the locks"])(
    "leaves nothing when it is lifted while it builds, at %s",
    async (moment) => {
      const source = await aSource();
      const before = await readFenceState(source);
      const undo = await planned(source);
      const building = engine.fence(source, undo, HOLDER, aCall()).catch((error: unknown) => error);
      const seen = moment === "the mark" ? "godwit.fence=%" : null;
      await until(
        async () => {
          const sql =
            seen === null
              ? `SELECT 1 FROM pg_stat_activity WHERE application_name = '${HOLDER}' AND datname = current_database()`
              : `SELECT 1 FROM pg_db_role_setting WHERE array_to_string(setconfig, ' ') LIKE '%${seen}'`;
          return (await querySql(adminUrl(source), sql)).length > 0;
        },
        { what: moment, everyMs: 1 },
      );
      await engine.unfence(source, undo, HOLDER, signal);
      const built = (await building) as Partial<FenceHold>;
      if (built.isAlive !== undefined)
        await until(() => built.isAlive?.() === false, { what: "the hold to be lost" });
      expect(await readFenceState(source)).toEqual(before);
      await querySql(appUrl(source), "INSERT INTO t VALUES (2)");
    },
  );

  it("of 10,000 tables is built, proved and taken away", async () => {
    const source = await aSource("SELECT 1");
    const tables = `DO $$ BEGIN FOR i IN 1..10000 LOOP EXECUTE format('CREATE TABLE t%s (a int)', i);
      IF i % 500 = 0 THEN COMMIT; END IF; END LOOP; END $$`;
    await querySql(appUrl(source), tables);
    const before = await readFenceState(source);
    const times: number[] = [performance.now()];
    const undo = await planned(source);
    times.push(performance.now());
    const hold = await engine.fence(source, undo, HOLDER, aCall());
    times.push(performance.now());
    await engine.proveFence(source, hold, signal);
    times.push(performance.now());
    await engine.unfence(source, undo, HOLDER, signal);
    times.push(performance.now());
    expect(await readFenceState(source)).toEqual(before);
    const ms = times.slice(1).map((time, index) => Math.round(time - (times[index] ?? 0)));
    console.info(`10,000 tables: planned, fenced, proved and lifted in ${ms.join(", ")} ms`);
  });

  it("is found open while a transaction is prepared", async () => {
    const settings = { max_prepared_transactions: "2" };
    const server = await startEmbeddedPostgres({
      binaries: "embedded-postgres-15",
      superuserPassword: "x",
      settings,
    });
    await querySql(server.url, "CREATE ROLE app LOGIN PASSWORD 'x'; ALTER SCHEMA public OWNER TO app");
    const access = { id: "own", adminUrl: new Secret(server.url) };
    const source = { server: access, database: "postgres", username: "app", password: new Secret("x") };
    await querySql(appUrl(source), "CREATE TABLE t (a int)");
    await querySql(appUrl(source), "BEGIN; INSERT INTO t VALUES (1); PREPARE TRANSACTION 'half'");
    const undo = await planned(source);
    const hold = await engine.fence(source, undo, HOLDER, aCall());
    const open = engine.proveFence(source, hold, signal);
    await expect(open).rejects.toMatchObject({
      code: "fence-open",
      summary: expect.stringContaining("prepared"),
    });
    await querySql(server.url, "ROLLBACK PREPARED 'half'");
    await engine.proveFence(source, hold, signal);
    await engine.unfence(source, undo, HOLDER, signal);
    await server.stop();
  });
});
