import { chmod, mkdtemp, readFile, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Secret } from "../../src/core/secret.ts";
import { parseSecretKey, type SecretKey } from "../../src/core/secret-key.ts";
import { embeddedKeys } from "../../src/store/embedded/embedded-key.ts";
import { createFleetStore } from "../../src/store/fleet-store.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { silentLog } from "../contracts/queue-contract.ts";
import { aKeyText } from "./a-keyring.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "godwit-key-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const file = () => join(folder, "secret-key");
function aKey(text: string): SecretKey {
  const key = parseSecretKey(text);
  if (key === null) throw new Error("no key");
  return key;
}

const idsOf = (keys: readonly SecretKey[]) => keys.map(({ id }) => id);

it("makes one key that only its user can read, and keeps it", async () => {
  const [made] = await embeddedKeys({ folder, given: [] });
  const [kept, ...others] = await embeddedKeys({ folder, given: [] });

  expect((await stat(file())).mode & 0o777).toBe(0o600);
  expect(await readFile(file(), "utf8")).toBe(`embedded:${made.material.reveal()}\n`);
  expect([kept.id, kept.material.reveal(), others]).toEqual(["embedded", made.material.reveal(), []]);
});

it("makes none where the environment gives one, and puts the environment's before its own", async () => {
  const given = aKey(`k1:${aKeyText()}`);
  expect(idsOf(await embeddedKeys({ folder, given: [given] }))).toEqual(["k1"]);
  await expect(stat(file())).rejects.toThrow("ENOENT");

  const [made] = await embeddedKeys({ folder, given: [] });
  expect(idsOf(await embeddedKeys({ folder, given: [given] }))).toEqual(["k1", "embedded"]);
  expect(await embeddedKeys({ folder, given: [made] })).toEqual([made]);
});

it("makes no new key over a damaged file, which would lose every password, and shows nothing of it", async () => {
  await writeFile(file(), "embedded:hunter2");
  const error = await embeddedKeys({ folder, given: [] }).catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({ code: "secret-key-file-damaged" });
  expect(String(error)).not.toContain("hunter2");
  expect(await readFile(file(), "utf8")).toBe("embedded:hunter2");
});

it("lets the embedded database open without a setting, and again with the environment's key first", async () => {
  await chmod(folder, 0o711);
  const embeddedFolder = join(folder, ".godwit");
  const open = (secretKeys: readonly SecretKey[]) =>
    openDatabase({ url: null, embeddedFolder, secretKeys, log: silentLog });
  const first = await open([]);
  await createFleetStore(first.pool, first.keyring).putSecret("a", new Secret("hunter2"));
  await first.pool.end();
  await first.close();

  const second = await open([aKey(`k1:${aKeyText()}`)]);
  const value = await createFleetStore(second.pool, second.keyring).secret("a");
  const { rows } = await second.pool.query<{ data: string }>(
    "SELECT current_setting('data_directory') AS data",
  );
  await second.pool.end();
  await second.close();
  await rm(dirname(rows[0]?.data ?? folder), { recursive: true, force: true });
  await rmdir("/var/lib/godwit").catch(() => undefined);

  expect(value?.reveal()).toBe("hunter2");
  expect(second.keyring.ids).toEqual(["k1", "embedded"]);
});
