import { format, inspect } from "node:util";
import { expect, test } from "vitest";
import { describeError } from "../../src/core/redact.ts";
import { Secret } from "../../src/core/secret.ts";
import { parseSecretKey } from "../../src/core/secret-key.ts";

const CANARY = "tr0ub4dor-canary";
const secret = new Secret(CANARY);
const KEY = Buffer.alloc(32, 7).toString("base64");

test.each<[string, () => string]>([
  ["in a template", () => String.raw`${secret}`],
  ["added to a text", () => String(["", secret])],
  ["as JSON, deep inside", () => JSON.stringify({ list: [{ secret }] })],
  ["inspected with everything hidden shown", () => inspect({ secret }, { showHidden: true, depth: 9 })],
  ["formatted in every way", () => format("%s %o %O %j", secret, secret, secret, secret)],
  [
    "cloned",
    () => JSON.stringify([structuredClone(secret), Object.assign({}, secret), Object.entries(secret)]),
  ],
  ["as the cause of an error", () => describeError(new Error("copying", { cause: secret }))],
])("a secret is not shown %s", (_how, show) => {
  expect(show()).not.toContain(CANARY);
});

test("a secret says that it is one, and gives its value to who asks for it", () => {
  expect([String(secret), JSON.stringify(secret), inspect(secret)]).toEqual([
    "[redacted]",
    '"[redacted]"',
    "[redacted]",
  ]);
  expect(secret.reveal()).toBe(CANARY);
});

test("a key is 32 bytes in base64, with an ID or without", () => {
  const read = (text: string) => {
    const key = parseSecretKey(text);
    return key && [key.id, key.material.reveal()];
  };

  expect(read(KEY)).toEqual(["default", KEY]);
  expect(read(` of-2026:${KEY}\n`)).toEqual(["of-2026", KEY]);
});

test.each([
  "",
  "hunter2",
  KEY.slice(1),
  `A${KEY}`,
  Buffer.alloc(31).toString("base64"),
  Buffer.alloc(33).toString("base64"),
  `:${KEY}`,
  `a b:${KEY}`,
  `${"x".repeat(33)}:${KEY}`,
  `a:b:${KEY}`,
])("“%s” is no key", (text) => {
  expect(parseSecretKey(text)).toBeNull();
});
