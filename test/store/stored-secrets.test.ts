import { inspect } from "node:util";
import type { Pool } from "pg";
import { expect, it } from "vitest";
import { GodwitError } from "../../src/core/failure.ts";
import type { FleetAddon } from "../../src/core/ports/fleet.ts";
import { Secret } from "../../src/core/secret.ts";
import { applySchema } from "../../src/store/apply-schema.ts";
import { createFleetStore } from "../../src/store/fleet-store.ts";
import { inspectSecrets } from "../../src/store/secrets/inspect-secrets.ts";
import { aKeyText } from "./a-keyring.ts";
import { aDatabase, aPool, dump, openWith, storeInClear } from "./open-secrets.ts";

const CANARY = "tr0ub4dor-canary";
const ADDON: FleetAddon = {
  id: "addon_orders",
  providerName: "fleet",
  name: "orders",
  engine: "postgresql",
  serverId: "pg15",
  planId: "pg-s",
  database: "orders",
  username: "orders",
  secretRef: "adopted:fleet:addon_orders",
  applications: [],
};

async function failure(work: Promise<unknown>): Promise<GodwitError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof GodwitError)) throw new Error(`expected a GodwitError, got ${String(error)}`);
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(CANARY);
  return error;
}

/** What the table's file on the server's disk holds. */
async function fileOf(pool: Pool): Promise<Buffer> {
  await pool.query("CHECKPOINT");
  const { rows } = await pool.query<{ bytes: Buffer }>(
    "SELECT pg_read_binary_file(pg_relation_filepath('godwit.secrets')) AS bytes",
  );
  return rows[0]?.bytes ?? Buffer.alloc(0);
}

it("gives back what was stored, adopted and replaced, and keeps none of it in clear", async () => {
  const { pool, keyring } = await openWith(await aDatabase(), [aKeyText()]);
  const fleet = createFleetStore(pool, keyring);
  await fleet.adopt(ADDON, new Secret(`${CANARY}-adopted`));
  await fleet.adopt(ADDON, new Secret("a second adoption changes nothing"));
  await fleet.putSecret("migration:mig_a", new Secret("first"));
  await fleet.putSecret("migration:mig_a", new Secret(`${CANARY}-new`));

  expect((await fleet.secret(ADDON.secretRef))?.reveal()).toBe(`${CANARY}-adopted`);
  expect((await fleet.secret("migration:mig_a"))?.reveal()).toBe(`${CANARY}-new`);
  expect(await fleet.secret("nothing")).toBeUndefined();
  const everything = await dump(pool);
  expect(everything).toContain("addon_orders");
  expect(everything).not.toContain(CANARY);
  expect((await fileOf(pool)).includes("mig_a")).toBe(true);
  expect((await fileOf(pool)).includes(CANARY)).toBe(false);
});

it("notices two rows that were swapped, and one that was changed", async () => {
  const { pool, keyring } = await openWith(await aDatabase(), [aKeyText()]);
  const fleet = createFleetStore(pool, keyring);
  for (const ref of ["a", "b", "c"]) await fleet.putSecret(ref, new Secret(`${CANARY}-${ref}`));
  await pool.query(
    `UPDATE godwit.secrets s SET ciphertext = o.ciphertext FROM godwit.secrets o
     WHERE (s.ref, o.ref) IN (('a', 'b'), ('b', 'a'))`,
  );
  await pool.query("UPDATE godwit.secrets SET ciphertext = left(ciphertext, -8) WHERE ref = 'c'");

  for (const ref of ["a", "b", "c"]) {
    expect(await failure(fleet.secret(ref))).toMatchObject({
      code: "secret-unreadable",
      class: "permanent",
      summary: expect.stringContaining(`The stored password ${ref} cannot be decrypted`),
    });
  }
  expect(await inspectSecrets(pool, keyring)).toEqual({ total: 3, outdated: 0, unreadable: ["a", "b", "c"] });
});

it("encrypts at start what an older version stored, also in the table's file, and forbids it from then on", async () => {
  const database = await aDatabase();
  const pool = aPool(database);
  const refs = Array.from({ length: 450 }, (_, index) => `adopted:fleet:addon_${index}`);
  await storeInClear(pool, Object.fromEntries(refs.map((ref) => [ref, `${CANARY}-${ref}`])));
  expect(await dump(pool)).toContain(CANARY);
  expect((await fileOf(pool)).includes(CANARY)).toBe(true);
  const key = aKeyText();

  const [first, second] = await Promise.all([1, 2, 3].map(() => openWith(database, [key])));

  if (!first || !second) throw new Error("three were opened");
  const values = await Promise.all(refs.map((ref) => createFleetStore(pool, second.keyring).secret(ref)));
  expect(values.map((value) => value?.reveal())).toEqual(refs.map((ref) => `${CANARY}-${ref}`));
  expect(await dump(pool)).not.toContain(CANARY);
  expect((await fileOf(pool)).includes(CANARY)).toBe(false);
  for (const sql of [
    "INSERT INTO godwit.secrets (ref, value) VALUES ('x', 'clear')",
    "UPDATE godwit.secrets SET value = 'clear'",
    "INSERT INTO godwit.secrets (ref) VALUES ('x')",
  ])
    await expect(pool.query(sql)).rejects.toThrow(/nothing_in_clear/);
  const { rows } = await pool.query(
    "SELECT convalidated FROM pg_constraint WHERE conname = 'nothing_in_clear'",
  );
  expect(rows).toEqual([{ convalidated: true }]);
});

it("refuses a database of one's own without a key, before it is touched, and says how to make one", async () => {
  const database = await aDatabase();
  const error = await failure(openWith(database, []));

  expect([error.code, error.message]).toEqual([
    "secret-key-not-set",
    "DATABASE_URL is set, but no key to encrypt the stored passwords with. Make one with openssl rand -base64 32, keep it apart from the database, and set GODWIT_SECRET_KEY to it.",
  ]);
  expect(await dump(aPool(database))).toBe("");
});

it("refuses to start with another key by the same ID, or without a key that something is encrypted with", async () => {
  const database = await aDatabase();
  const [old, other] = [aKeyText(), aKeyText()];
  const { pool, keyring } = await openWith(database, [`k1:${old}`]);

  expect(await failure(openWith(database, [`k1:${other}`]))).toMatchObject({
    code: "secret-key-wrong",
    summary: expect.stringContaining("Key k1 is not the one"),
  });
  await openWith(database, [`k2:${other}`]);
  await createFleetStore(pool, keyring).putSecret("a", new Secret(CANARY));
  expect(await failure(openWith(database, [`k2:${other}`]))).toMatchObject({
    code: "secret-key-missing",
    summary: expect.stringContaining("encrypted with key k1, which Godwit was not given"),
  });
  await openWith(database, [`k2:${other}`, `k1:${old}`]);
});

it("starts anew with another key when the passwords of a lost one were deleted", async () => {
  const database = await aDatabase();
  const first = await openWith(database, [aKeyText()]);
  await createFleetStore(first.pool, first.keyring).adopt(ADDON, new Secret("lost"));
  for (const table of ["fleet_addons", "secrets", "secret_keys"])
    await first.pool.query(`DELETE FROM godwit.${table}`);

  const second = await openWith(database, [aKeyText()]);
  const fleet = createFleetStore(second.pool, second.keyring);
  await fleet.adopt(ADDON, new Secret(CANARY));
  expect((await fleet.secret(ADDON.secretRef))?.reveal()).toBe(CANARY);
});

it("notes every key of the ring, so that another by one of their IDs is noticed before it encrypts", async () => {
  const database = await aDatabase();
  const [one, two, mistyped] = [aKeyText(), aKeyText(), aKeyText()];
  const { pool } = await openWith(database, [`k1:${one}`, `k2:${mistyped}`]);
  await openWith(database, [`k1:${one}`, `k2:${two}`]);

  expect(await failure(openWith(database, [`k2:${mistyped}`, `k1:${one}`]))).toMatchObject({
    code: "secret-key-wrong",
    summary: expect.stringContaining("Key k2 is not the one"),
  });
  expect(await failure(openWith(database, [`k1:${two}`, `k3:${aKeyText()}`]))).toMatchObject({
    summary: expect.stringContaining("Key k1 is not the one"),
  });
  const { rows } = await pool.query("SELECT id FROM godwit.secret_keys ORDER BY id");
  expect(rows).toEqual([{ id: "k1" }, { id: "k2" }]);
});

it("does not take another key for one that something is encrypted with, wherever it stands", async () => {
  const database = await aDatabase();
  const first = await openWith(database, [`k1:${aKeyText()}`]);
  await createFleetStore(first.pool, first.keyring).putSecret("a", new Secret(CANARY));

  expect(await failure(openWith(database, [`k9:${aKeyText()}`, `k1:${aKeyText()}`]))).toMatchObject({
    code: "secret-key-wrong",
  });
  const { rows } = await first.pool.query("SELECT id FROM godwit.secret_keys");
  expect(rows).toEqual([{ id: "k1" }]);
});

it("does not wait without end for a table that something else holds", async () => {
  const pool = aPool(await aDatabase());
  await storeInClear(pool, { a: CANARY });
  const backup = await pool.connect();
  await backup.query("BEGIN");
  await backup.query("LOCK TABLE godwit.secrets IN ACCESS SHARE MODE");

  expect(await failure(applySchema(pool, 100))).toMatchObject({ code: "schema-in-use", class: "transient" });
  await backup.query("ROLLBACK");
  backup.release();
  await applySchema(pool, 100);
});
