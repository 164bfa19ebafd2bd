import type { DatabasePair, FenceHold } from "../../../src/core/ports/engine.ts";
import type { Proof } from "../../../src/core/proof.ts";
import { aCall } from "../../contracts/engine-subject.ts";
import { querySql } from "../../support/test-database.ts";
import { adminUrl } from "./database-urls.ts";
import { anEngine, aPair, aPlan } from "./make-subject.ts";

const signal = new AbortController().signal;
const engine = anEngine();
const HOLDER = "godwit mig_verify";

const SCHEMA = `
CREATE TABLE whole (id int PRIMARY KEY, note text); INSERT INTO whole SELECT g, 'secret' || g FROM generate_series(1, 3000) g;
CREATE TABLE long (id uuid PRIMARY KEY, note text); INSERT INTO long SELECT md5(g::text)::uuid, 'n' FROM generate_series(1, 500) g;
CREATE TABLE names (name text, part int, note text, PRIMARY KEY (name, part)); INSERT INTO names SELECT 'secret' || g, g, 'n' FROM generate_series(101, 400) g;
CREATE SCHEMA "q""s"; CREATE TABLE bare (note text); INSERT INTO bare SELECT 'secret' || g FROM generate_series(1, 100) g;
CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE DOMAIN document AS jsonb; CREATE TYPE labelled AS (label text, v jsonb);
CREATE TABLE exact (id int PRIMARY KEY, n numeric, f float8, i interval, ns numeric[], l text COLLATE loose, z timetz, blank bpchar,
  j jsonb, js jsonb[], d document, c labelled);
INSERT INTO exact VALUES (7, 1.50, '-0', '1 mon', '{1.50}', 'Secret', '12:00+00', 'x ', '[1.00, [2]]', '{1.00}', '1.00', ('x', '1.00'));
CREATE TYPE mood AS ENUM ('sad'); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE AGGREGATE total(int) (sfunc = int4pl, stype = int, initcond = '0'); CREATE SEQUENCE s;
CREATE TRIGGER tr BEFORE INSERT ON whole FOR EACH ROW EXECUTE FUNCTION f(); CREATE STATISTICS st (ndistinct) ON id, note FROM whole;
CREATE TEXT SEARCH CONFIGURATION words (COPY = pg_catalog.simple); CREATE POLICY p ON whole USING (id > 0);
GRANT SELECT, INSERT ON whole TO pg_monitor; GRANT UPDATE (note) ON whole TO PUBLIC; GRANT USAGE ON TYPE mood TO pg_monitor;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor; COMMENT ON COLUMN whole.note IS 'about'; REVOKE DELETE ON bare FROM CURRENT_USER;
SELECT lo_from_bytea(77, 'abc'), lo_from_bytea(78, 'abc'); COMMENT ON LARGE OBJECT 77 IS 'about'; GRANT SELECT ON LARGE OBJECT 77, 78 TO pg_monitor;
REVOKE UPDATE ON LARGE OBJECT 77 FROM CURRENT_USER; CREATE PUBLICATION partly FOR TABLE whole (id) WHERE (id > 3); COMMENT ON PUBLICATION partly IS 'about'; CREATE PUBLICATION of_schema;
`;

/** What only an administrator may make. */
const OUTER = `SET search_path = public; CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER watch ON sql_drop EXECUTE FUNCTION et(); ALTER EVENT TRIGGER watch ENABLE REPLICA; COMMENT ON EVENT TRIGGER watch IS 'about';
CREATE PUBLICATION everything FOR ALL TABLES WITH (publish = 'insert'); ALTER PUBLICATION of_schema ADD TABLES IN SCHEMA "q""s"; CREATE PUBLICATION godwit_mine FOR ALL TABLES;
CREATE EXTENSION postgres_fdw; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'a'); GRANT USAGE ON FOREIGN SERVER far TO pg_monitor;
CREATE USER MAPPING FOR pg_monitor SERVER far OPTIONS (user 'u', password 'p'); CREATE FOREIGN TABLE afar (id int) SERVER far OPTIONS (table_name 'a');`;

/** A true copy under the fence, and what verification says of it. */
export interface VerifiedCopy {
  verify(): Promise<Proof>;
  /** What verification says after a change of the copy, which is taken back. */
  saidAfter(change: string, back: string): Promise<string>;
  dispose(): Promise<void>;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

async function copyUnderFence(): Promise<{ readonly pair: DatabasePair; readonly hold: FenceHold }> {
  const pair = await aPair([15, 18], SCHEMA);
  const database = quoted(pair.source.database);
  const settings = `ALTER DATABASE ${database} SET work_mem = '9MB'; COMMENT ON DATABASE ${database} IS 'the shop'`;
  await querySql(adminUrl(pair.source), `${OUTER} ${settings}`);
  await engine.provision(pair, aPlan(), aCall());
  await engine.copySchema(pair, aCall());
  const undo = await engine.planFence(pair.source, signal);
  const hold = await engine.fence(pair.source, undo, HOLDER, aCall());
  await engine.copyData(pair, hold, aCall());
  return { pair, hold };
}

/** Makes a database with much in it, and its copy. */
export async function aVerifiedCopy(): Promise<VerifiedCopy> {
  const { pair, hold } = await copyUnderFence();
  const names: Readonly<Record<string, string>> = {
    "{owner}": quoted(pair.target.username),
    "{database}": quoted(pair.target.database),
  };
  const run = async (sql: string): Promise<void> => {
    const named = sql.replace(/\{\w+\}/g, (name) => names[name] ?? name);
    await querySql(adminUrl(pair.target), `SET search_path = public; ${named}`);
  };
  const verify = (): Promise<Proof> => engine.verify(pair, hold, aCall());
  return {
    verify,
    saidAfter: async (change, back) => {
      await run(change);
      const error = await verify().catch((each: unknown) => each);
      await run(back);
      if ((error as { code?: string }).code !== "verification-mismatch") {
        throw new Error("verification noticed nothing", { cause: error });
      }
      return (error as Error).message;
    },
    dispose: async () => {
      await hold.release();
      await engine.drop(pair.target, signal);
      await engine.drop(pair.source, signal);
    },
  };
}
