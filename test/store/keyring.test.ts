import { inspect } from "node:util";
import { expect, test } from "vitest";
import { GodwitError } from "../../src/core/failure.ts";
import { Secret } from "../../src/core/secret.ts";
import type { Keyring, Place } from "../../src/store/secrets/keyring.ts";
import { aKeyring, aKeyText } from "./a-keyring.ts";

const CANARY = "tr0ub4dor-canary";
const PLACE: Place = { column: "secrets.ciphertext", row: "migration:mig_a" };

/** The error of opening, with everything that could be printed of it. */
function refusal(
  ring: Keyring,
  sealed: string,
  place = PLACE,
): { code: string; class: string; text: string } {
  try {
    ring.open(place, sealed);
  } catch (error) {
    if (error instanceof GodwitError)
      return { code: error.code, class: error.class, text: inspect(error, { depth: 9, showHidden: true }) };
    throw error;
  }
  throw new Error("it was opened");
}

test.each(["", "p", CANARY, "naïve 🐦\n'\"\\:%", "x".repeat(10_000)])("opens what it sealed (%#)", (text) => {
  const ring = aKeyring();

  expect(ring.open(PLACE, ring.seal(PLACE, new Secret(text))).reveal()).toBe(text);
});

test("names format and key, shows nothing, and never repeats a nonce", () => {
  const ring = aKeyring();
  const sealed = Array.from({ length: 2_000 }, () => ring.seal(PLACE, new Secret(CANARY)));

  expect(sealed[0]).toMatch(/^v1:k1:[A-Za-z0-9+/=]+$/);
  const payloads = sealed.map((text) => Buffer.from(text.slice(6), "base64"));
  expect(new Set(payloads.map((payload) => payload.subarray(0, 12).toString("hex"))).size).toBe(2_000);
  expect(payloads.some((payload) => payload.includes(CANARY))).toBe(false);
  expect(payloads[0]?.length).toBe(12 + CANARY.length + 16);
});

test.each<[string, Place]>([
  ["another row", { ...PLACE, row: "migration:mig_b" }],
  ["another column", { ...PLACE, column: "secrets.other" }],
  [
    "a row and column that only join to the same text",
    { column: "secrets.ciphertextm", row: "igration:mig_a" },
  ],
])("refuses a text that was moved to %s", (_where, place) => {
  const ring = aKeyring();
  const { code, class: kind, text } = refusal(ring, ring.seal(PLACE, new Secret(CANARY)), place);

  expect([code, kind]).toEqual(["secret-unreadable", "permanent"]);
  expect(text).toContain(place.row);
  expect(text).not.toContain(CANARY);
});

test("refuses a text in which any one bit is another", () => {
  const ring = aKeyring();
  const payload = Buffer.from(ring.seal(PLACE, new Secret(CANARY)).slice(6), "base64");

  for (let bit = 0; bit < payload.length * 8; bit += 1) {
    const changed = Buffer.from(payload);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(refusal(ring, `v1:k1:${changed.toString("base64")}`).code).toBe("secret-unreadable");
  }
});

test("refuses a text that was cut anywhere, and what never was one", () => {
  const ring = aKeyring();
  const sealed = ring.seal(PLACE, new Secret(CANARY));
  const payload = Buffer.from(sealed.slice(6), "base64");
  const cut = Array.from(payload, (_, length) => `v1:k1:${payload.subarray(0, length).toString("base64")}`);

  for (const text of [...cut, sealed.slice(0, -4), "", CANARY, `v2:k1:${sealed.slice(6)}`, `${sealed}\n`]) {
    const { code, text: shown } = refusal(ring, text);
    expect(code).toBe("secret-unreadable");
    expect(shown).not.toContain(CANARY);
  }
});

test("refuses another key of the same ID, a text given to another key, and names a key that it lacks", () => {
  const texts = { same: aKeyText() };
  const ring = aKeyring(["same", "twin"], { ...texts, twin: texts.same });
  const sealed = ring.seal(PLACE, new Secret(CANARY));

  expect(refusal(aKeyring(["same"]), sealed)).toMatchObject({
    code: "secret-unreadable",
    class: "permanent",
  });
  expect(refusal(ring, sealed.replace("same", "twin")).code).toBe("secret-unreadable");
  expect(refusal(aKeyring(["k2", "k3"]), sealed)).toMatchObject({
    code: "secret-key-missing",
    text: expect.stringContaining("encrypted with key same, which Godwit was not given"),
  });
});

test("encrypts with the first key and opens with every one", () => {
  const texts = { k1: aKeyText(), k2: aKeyText() };
  const former = aKeyring(["k1"], texts).seal(PLACE, new Secret(CANARY));
  const ring = aKeyring(["k2", "k1"], texts);

  expect(ring.open(PLACE, former).reveal()).toBe(CANARY);
  expect(ring.seal(PLACE, new Secret(CANARY))).toMatch(/^v1:k2:/);
});

test("a ring shows no key when it is printed", () => {
  const text = aKeyText();
  const shown = inspect(aKeyring(["k1"], { k1: text }), { depth: 9, showHidden: true });

  expect(shown).not.toContain(text);
});
