import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { diagnoseSecrets } from "../../src/cli/diagnose-secrets.ts";
import { Secret } from "../../src/core/secret.ts";
import { createFleetStore } from "../../src/store/fleet-store.ts";
import { ENVIRONMENT, EXAMPLE } from "../config/a-config-file.ts";
import { aKeyText } from "../store/a-keyring.ts";
import { aDatabase, openWith } from "../store/open-secrets.ts";
import { runGodwit } from "./run-godwit.ts";

const CANARY = "tr0ub4dor-canary";
const [OLD, NEW] = [aKeyText(), aKeyText()];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "godwit-rotate-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

it("encrypts with the new key, says how many, and refuses without a key that is needed", async () => {
  const database = await aDatabase();
  const { pool, keyring } = await openWith(database, [OLD]);
  const fleet = createFleetStore(pool, keyring);
  for (const ref of ["a", "b", "c"]) await fleet.putSecret(ref, new Secret(`${CANARY}-${ref}`));
  const run = async (keys: Record<string, string>, args: string[] = []) => {
    const environment = { DATABASE_URL: database.url, ...keys };
    const ran = await runGodwit(["rotate-key", ...args], { folder, environment });
    for (const secret of [CANARY, OLD, NEW]) expect(ran.stdout + ran.stderr).not.toContain(secret);
    return ran;
  };

  const refused = await run({ GODWIT_SECRET_KEYS: `k2:${NEW}` });
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toBe(
    "godwit: Stored passwords are encrypted with key default, which Godwit was not given. Add what is missing to GODWIT_SECRET_KEYS as id:base64, behind the key that encrypts.\n",
  );
  expect(await run({})).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/openssl rand -base64 32/),
  });
  expect(await run({ GODWIT_SECRET_KEY: OLD }, ["now"])).toMatchObject({ exitCode: 2 });

  const both = { GODWIT_SECRET_KEYS: `k2:${NEW},default:${OLD}` };
  expect(await run(both)).toMatchObject({
    exitCode: 0,
    stdout:
      "3 stored passwords were encrypted anew with key k2.\ndefault encrypts nothing any more; take it out once every process runs with k2 first, and keep it as long as backups from before the rotation.\n",
  });
  expect(await run({ GODWIT_SECRET_KEYS: `k2:${NEW}` })).toMatchObject({
    exitCode: 0,
    stdout: "0 stored passwords were encrypted anew with key k2.\n",
  });
  const after = await openWith(database, [`k2:${NEW}`]);
  expect((await createFleetStore(after.pool, after.keyring).secret("b"))?.reveal()).toBe(`${CANARY}-b`);
}, 60_000);

it("names the passwords that do not open, and ends with 1", async () => {
  const database = await aDatabase();
  const { pool, keyring } = await openWith(database, [OLD]);
  await createFleetStore(pool, keyring).putSecret("adopted:fleet:addon_orders", new Secret(CANARY));
  await pool.query("UPDATE godwit.secrets SET ciphertext = left(ciphertext, -4)");

  const environment = {
    DATABASE_URL: database.url,
    GODWIT_SECRET_KEYS: `k2:${NEW},default:${OLD}`,
  };
  const { exitCode, stderr } = await runGodwit(["rotate-key"], { folder, environment });

  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^godwit: The stored password adopted:fleet:addon_orders cannot be decrypted/);
});

it("godwit doctor says that a key is missing, and how to make one", async () => {
  await writeFile(join(folder, "godwit.yaml"), EXAMPLE);
  const { exitCode, stdout } = await runGodwit(["doctor"], {
    folder,
    environment: { ...ENVIRONMENT, DATABASE_URL: (await aDatabase()).url },
  });

  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/FAIL {2}key: DATABASE_URL is set, but no key.*\n +-> Make one with openssl rand/);
});

it("godwit doctor opens every stored password, and says which key encrypts", async () => {
  const database = await aDatabase();
  const old = await openWith(database, [OLD]);
  const fleet = createFleetStore(old.pool, old.keyring);
  for (const ref of ["a", "b"]) await fleet.putSecret(ref, new Secret(CANARY));
  const anew = await openWith(database, [`k2:${NEW}`, OLD]);
  await createFleetStore(anew.pool, anew.keyring).putSecret("b", new Secret(CANARY));

  expect(await diagnoseSecrets(old)).toMatchObject({ ok: false });
  expect(await diagnoseSecrets(anew)).toMatchObject({
    ok: true,
    detail: "2 stored password(s), encrypted with key k2 except 1, which godwit rotate-key encrypts with it",
  });
});
