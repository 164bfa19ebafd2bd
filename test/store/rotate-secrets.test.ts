import type { Pool } from "pg";
import { expect, it } from "vitest";
import { Secret } from "../../src/core/secret.ts";
import { createFleetStore } from "../../src/store/fleet-store.ts";
import type { OpenDatabase } from "../../src/store/open-database.ts";
import { rotateSecrets } from "../../src/store/secrets/rotate-secrets.ts";
import { aKeyText } from "./a-keyring.ts";
import { aDatabase, openWith } from "./open-secrets.ts";

const [K1, K2] = [`k1:${aKeyText()}`, `k2:${aKeyText()}`];

/** As a worker that still has the old key first, and as the one that rotates. */
async function beforeAndAfter(): Promise<{ old: OpenDatabase; anew: OpenDatabase }> {
  const database = await aDatabase();
  return { old: await openWith(database, [K1, K2]), anew: await openWith(database, [K2, K1]) };
}

async function fill({ pool, keyring }: OpenDatabase, count: number): Promise<string[]> {
  const refs = Array.from({ length: count }, (_, index) => `migration:mig_${index}`);
  const fleet = createFleetStore(pool, keyring);
  await Promise.all(refs.map((ref) => fleet.putSecret(ref, new Secret(`password of ${ref}`))));
  return refs;
}

async function reveal({ pool, keyring }: OpenDatabase, refs: readonly string[]): Promise<unknown[]> {
  const fleet = createFleetStore(pool, keyring);
  return Promise.all(refs.map(async (ref) => (await fleet.secret(ref))?.reveal()));
}

async function countByKey(pool: Pool): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ id: string; count: number }>(
    "SELECT split_part(ciphertext, ':', 2) AS id, count(*)::int AS count FROM godwit.secrets GROUP BY 1 ORDER BY 1",
  );
  return Object.fromEntries(rows.map(({ id, count }) => [id, count]));
}

/** A pool whose process dies after so many batches. */
function dyingAfter(pool: Pool, batches: number): Pool {
  let updates = 0;
  const query = (sql: string, values: unknown[]) => {
    if (sql.startsWith("UPDATE") && ++updates > batches) throw new Error("killed");
    return pool.query(sql, values);
  };
  return { query } as unknown as Pool;
}

it("encrypts everything with the first key, counts it, and tells which key is not needed any more", async () => {
  const { old, anew } = await beforeAndAfter();
  const refs = await fill(old, 450);

  expect(await rotateSecrets(anew.pool, anew.keyring)).toEqual({
    rotated: 450,
    unreadable: [],
    unused: ["k1"],
  });
  expect(await countByKey(anew.pool)).toEqual({ k2: 450 });
  expect(await reveal(anew, refs)).toEqual(refs.map((ref) => `password of ${ref}`));
  expect(await rotateSecrets(anew.pool, anew.keyring)).toMatchObject({ rotated: 0 });
});

it("goes on where a run was ended, with every password readable in between", async () => {
  const { old, anew } = await beforeAndAfter();
  const refs = await fill(old, 450);

  await expect(rotateSecrets(dyingAfter(anew.pool, 1), anew.keyring)).rejects.toThrow("killed");
  const between = await countByKey(anew.pool);
  expect(between["k1"]).toBeGreaterThan(0);
  expect(between["k2"]).toBeGreaterThan(0);
  expect(await reveal(old, refs)).toEqual(refs.map((ref) => `password of ${ref}`));
  expect(await rotateSecrets(anew.pool, anew.keyring)).toMatchObject({ rotated: between["k1"] });
  expect(await countByKey(anew.pool)).toEqual({ k2: 450 });
});

it("loses nothing of what workers with the old key write meanwhile", async () => {
  const { old, anew } = await beforeAndAfter();
  const refs = await fill(old, 400);
  const written = new Map(refs.map((ref) => [ref, `password of ${ref}`]));
  const worker = createFleetStore(old.pool, old.keyring);
  let over = false;
  const working = (async () => {
    for (let turn = 0; !over && turn < 5_000; turn += 1) {
      const ref = `migration:mig_${(turn * 37) % 500}`;
      await worker.putSecret(ref, new Secret(`turn ${turn}`));
      written.set(ref, `turn ${turn}`);
      if (turn === 300) over = true;
    }
  })();
  const { rotated } = await rotateSecrets(anew.pool, anew.keyring);
  await working;
  const rest = await rotateSecrets(anew.pool, anew.keyring);

  expect(rotated + rest.rotated).toBeGreaterThanOrEqual(400);
  expect(await countByKey(anew.pool)).toEqual({ k2: written.size });
  expect(await reveal(anew, [...written.keys()])).toEqual([...written.values()]);
});

it("does not overwrite a password that a worker has replaced between reading and writing", async () => {
  const { old, anew } = await beforeAndAfter();
  await fill(old, 1);
  const worker = createFleetStore(old.pool, old.keyring);
  let interfered = false;
  const query = async (sql: string, values: unknown[]) => {
    if (sql.startsWith("UPDATE") && !interfered) {
      interfered = true;
      await worker.putSecret("migration:mig_0", new Secret("the worker's"));
    }
    return anew.pool.query(sql, values);
  };
  await rotateSecrets({ query } as unknown as Pool, anew.keyring);
  await rotateSecrets(anew.pool, anew.keyring);

  expect(await reveal(anew, ["migration:mig_0"])).toEqual(["the worker's"]);
  expect(await countByKey(anew.pool)).toEqual({ k2: 1 });
});

it("leaves a row that does not open as it is, names it, and encrypts the others", async () => {
  const { old, anew } = await beforeAndAfter();
  const refs = await fill(old, 3);
  await old.pool.query(
    "UPDATE godwit.secrets SET ciphertext = overlay(ciphertext PLACING 'AAAA' FROM 12) WHERE ref = $1",
    [refs[1]],
  );

  expect(await rotateSecrets(anew.pool, anew.keyring)).toEqual({
    rotated: 2,
    unreadable: [refs[1]],
    unused: [],
  });
  expect(await countByKey(anew.pool)).toEqual({ k1: 1, k2: 2 });
});
