import { expect, test } from "vitest";
import { loadEnvironment } from "../../src/config.ts";

const [OLD, NEW] = [1, 2].map((byte) => Buffer.alloc(32, byte).toString("base64"));

const keysOf = (environment: Record<string, string>) =>
  loadEnvironment(environment).secretKeys.map(({ id, material }) => [id, material.reveal()]);

test("takes no key, one key, or several of which the first encrypts", () => {
  expect(keysOf({})).toEqual([]);
  expect(keysOf({ GODWIT_SECRET_KEY: `${OLD}` })).toEqual([["default", OLD]]);
  expect(keysOf({ GODWIT_SECRET_KEY: `embedded:${OLD}` })).toEqual([["embedded", OLD]]);
  expect(keysOf({ GODWIT_SECRET_KEYS: `k2:${NEW}, default:${OLD}` })).toEqual([
    ["k2", NEW],
    ["default", OLD],
  ]);
});

test.each<[Record<string, string>, RegExp]>([
  [{ GODWIT_SECRET_KEY: "hunter2" }, /GODWIT_SECRET_KEY: the value is not a key; write 32 bytes in base64/],
  [{ GODWIT_SECRET_KEYS: `k2:${NEW},hunter2` }, /GODWIT_SECRET_KEYS: the value is no list of keys like id:/],
  [{ GODWIT_SECRET_KEYS: `k:${NEW},k:${OLD}` }, /names the key ID k twice; give each key an ID of its own/],
  [{ GODWIT_SECRET_KEY: `${OLD}`, GODWIT_SECRET_KEYS: `k2:${NEW}` }, /are both set; set one/],
])("refuses keys that are none, without showing them (%#)", (environment, problem) => {
  const call = () => loadEnvironment(environment);

  expect(call).toThrow(problem);
  expect(call).not.toThrow(/hunter2/);
  for (const key of [OLD, NEW]) expect(call).not.toThrow(key);
});

test("keys print as nothing", () => {
  expect(JSON.stringify(loadEnvironment({ GODWIT_SECRET_KEY: `${OLD}` }))).not.toContain(OLD);
});
