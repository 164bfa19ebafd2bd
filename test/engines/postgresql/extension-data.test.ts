import { randomBytes } from "node:crypto";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type GuardedFolder, makeGuardedFolder } from "../../../playground/fleet/make-guarded-folder.ts";
import { type Fleet, startFleet } from "../../../playground/fleet/start-fleet.ts";
import type { DatabaseAccess, DatabasePair } from "../../../src/core/ports/engine.ts";
import { Secret } from "../../../src/core/secret.ts";
import { aCall } from "../../contracts/engine-subject.ts";
import { querySql } from "../../support/test-database.ts";
import { adminUrl } from "./database-urls.ts";
import { anEngine, aPlan } from "./make-subject.ts";

/** An extension with a table in which people write beside its own rows, a second one that refers to it, and a sequence. */
const CONTROL = "default_version = '1.0'\nschema = notes\nrelocatable = false\n";
const SCRIPT = `
CREATE TABLE @extschema@.kinds (id int PRIMARY KEY, "odd ""name" text NOT NULL, size int GENERATED ALWAYS AS (id * 2) STORED);
CREATE TABLE @extschema@.notes (kind int REFERENCES @extschema@.kinds, body text);
CREATE TABLE @extschema@.inner_state (id int);
CREATE SEQUENCE @extschema@.numbers;
INSERT INTO @extschema@.kinds VALUES (1, 'of the extension'), (2, 'of the extension');
INSERT INTO @extschema@.inner_state VALUES (1);
SELECT pg_catalog.pg_extension_config_dump('@extschema@.notes', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.kinds', 'WHERE id > 100');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.numbers', '');`;

const WRITTEN = `
INSERT INTO notes.kinds VALUES (101, E'tab\\tand \\\\ and "'), (102, 'ours'); UPDATE notes.kinds SET "odd ""name" = 'changed' WHERE id = 1;
INSERT INTO notes.notes SELECT 101, 'note ' || i FROM generate_series(1, 500) i; INSERT INTO notes.notes VALUES (102, NULL);
INSERT INTO notes.inner_state VALUES (2); SELECT setval('notes.numbers', 77)`;

const signal = new AbortController().signal;
const HOLDER = "godwit mig_extension";
const engine = anEngine();
const made: DatabaseAccess[] = [];
let folder: GuardedFolder;
let fleet: Fleet;

beforeAll(async () => {
  folder = await makeGuardedFolder("extension");
  await chmod(folder.path, 0o755);
  await mkdir(join(folder.path, "extension"));
  await writeFile(join(folder.path, "extension", "notes.control"), CONTROL);
  await writeFile(join(folder.path, "extension", "notes--1.0.sql"), SCRIPT);
  fleet = await startFleet({ majors: [18], settings: { extension_control_path: `$system:${folder.path}` } });
});

afterEach(async () => {
  for (const database of made.splice(0)) await engine.drop(database, signal);
});

afterAll(async () => {
  await fleet?.stop();
  await folder?.remove();
});

function anAccess(name: string): DatabaseAccess {
  const server = { id: "pg18", adminUrl: new Secret(fleet.server(18).url) };
  return { server, database: name, username: `${name}_owner`, password: new Secret("words") };
}

async function aPair(): Promise<DatabasePair> {
  const [source, target] = [1, 2].map((number) =>
    anAccess(`ext_${number}_${randomBytes(4).toString("hex")}`),
  );
  if (!source || !target) throw new Error("no names");
  const root = fleet.server(18).url;
  await querySql(root, `CREATE ROLE ${source.username} LOGIN PASSWORD 'words'`);
  await querySql(root, `CREATE DATABASE ${source.database} OWNER ${source.username}`);
  await querySql(
    adminUrl(source),
    `CREATE TABLE public.own (id int PRIMARY KEY); CREATE EXTENSION notes; ${WRITTEN}`,
  );
  made.push(source, target);
  await engine.provision({ source, target }, aPlan(), aCall());
  await engine.copySchema({ source, target }, aCall());
  return { source, target };
}

const read = async (database: DatabaseAccess): Promise<unknown> =>
  (
    await querySql<{ all: unknown }>(
      adminUrl(database),
      `SELECT json_build_object('kinds', (SELECT json_agg(k ORDER BY id) FROM notes.kinds k),
         'notes', (SELECT json_agg(n ORDER BY body) FROM notes.notes n),
         'inner', (SELECT json_agg(id ORDER BY id) FROM notes.inner_state), 'next', nextval('notes.numbers')) AS all`,
    )
  )[0]?.all;

const expectCarried = async ({ source, target }: DatabasePair): Promise<void> => {
  const ours = (await read(source)) as { kinds: { id: number }[] };
  expect(await read(target)).toEqual({
    ...ours,
    kinds: ours.kinds.map((kind) => (kind.id === 1 ? { ...kind, 'odd "name': "of the extension" } : kind)),
    inner: [1],
    next: 78,
  });
};

describe("rows of people's own in tables of an extension", () => {
  it("are carried over as a dump does, again by a copy that is repeated, and are compared", async () => {
    const pair = await aPair();
    const undo = await engine.planFence(pair.source, signal);
    const hold = await engine.fence(pair.source, undo, HOLDER, aCall());
    await engine.copyData(pair, hold, aCall());
    await engine.copyData(pair, hold, aCall());
    await engine.verify(pair, hold, aCall());
    await querySql(adminUrl(pair.target), "UPDATE notes.notes SET body = 'other' WHERE body = 'note 7'");
    const refused = engine.verify(pair, hold, aCall());
    await expect(refused).rejects.toThrow(/"notes"\."notes" of notes/);
    await querySql(adminUrl(pair.target), "UPDATE notes.notes SET body = 'note 7' WHERE body = 'other'");
    await engine.unfence(pair.source, undo, HOLDER, signal);
    await expectCarried(pair);
  });

  it("come with the last changes of a live migration", async () => {
    const pair = await aPair();
    const plan = { id: `mig_${randomBytes(8).toString("hex")}`, backlogLimitBytes: 2 ** 30 };
    const { replication } = engine;
    await replication?.start(pair, plan, aCall());
    await querySql(adminUrl(pair.source), "INSERT INTO notes.notes VALUES (102, 'written during the copy')");
    const undo = await engine.planFence(pair.source, signal);
    const hold = await engine.fence(pair.source, undo, plan.id, aCall());
    await replication?.drain(pair, plan, { hold, call: aCall() });
    await replication?.verify(pair, plan, { hold, call: aCall() });
    await replication?.end(pair, plan.id, signal);
    await engine.unfence(pair.source, undo, plan.id, signal);
    await expectCarried(pair);
  });

  it("stop a copy into a version of the extension that has no place for them", async () => {
    const pair = await aPair();
    await querySql(adminUrl(pair.target), 'ALTER TABLE notes.kinds RENAME "odd ""name" TO renamed');
    const undo = await engine.planFence(pair.source, signal);
    const hold = await engine.fence(pair.source, undo, HOLDER, aCall());
    await expect(engine.copyData(pair, hold, aCall())).rejects.toMatchObject({
      code: "extension-data-unlike",
      message: expect.stringContaining("“notes.kinds of notes”"),
    });
    await engine.unfence(pair.source, undo, HOLDER, signal);
  });
});
