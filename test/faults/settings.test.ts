import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { loadConfig } from "../../src/config.ts";
import { GodwitError } from "../../src/core/failure.ts";
import { engineCapabilities } from "../../src/engines/index.ts";
import { readVariables } from "../../src/providers/self-hosted/env-file/edit-env-text.ts";
import { updateEnvFile } from "../../src/providers/self-hosted/env-file/update-env-file.ts";
import { ENVIRONMENT, EXAMPLE } from "../config/a-config-file.ts";
import { hostileText } from "./hostile-text.ts";
import { amount } from "./length.ts";
import { seeded } from "./simulation/random.ts";

const FILES = amount(300, 10_000);
const SEED = Number(process.env["FAULTS_SEED"] ?? 1);
const CANARY = "canary-7f3a9b";
const NEVER = new AbortController().signal;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "godwit-settings-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const pick = <T>(random: () => number, items: readonly T[]): T =>
  items[Math.floor(random() * items.length)] as T;

/** Turns a text into another one, seldom into a better one. */
const DAMAGES: readonly ((text: string, random: () => number) => string)[] = [
  (text, random) => {
    const at = Math.floor(random() * text.length);
    return text.slice(0, at) + hostileText(random, { bytes: 12 }) + text.slice(at);
  },
  (text, random) => {
    const at = Math.floor(random() * text.length);
    return text.slice(0, at) + text.slice(at + 1 + Math.floor(random() * 8));
  },
  (text, random) => {
    const lines = text.split("\n");
    lines.splice(Math.floor(random() * lines.length), 1);
    return lines.join("\n");
  },
  (text, random) => {
    const lines = text.split("\n");
    const line = pick(random, lines);
    lines.splice(Math.floor(random() * lines.length), 0, line);
    return lines.join("\n");
  },
  (text, random) => text.replace(pick(random, text.match(/\w+/g) ?? ["x"]), () => pick(random, WORDS)),
  (text, random) => `${text}\n${pick(random, BLOCKS)}\n`,
  (text, random) => text.slice(0, Math.floor(random() * text.length)),
  (text) => text.replaceAll("\n", "\r\n"),
  (text) => `\ufeff${text}`,
];

const WORDS = [
  "__proto__",
  "constructor",
  "toString",
  "null",
  "~",
  "yes",
  "1e999",
  "-0",
  ".nan",
  "0x1F",
  "!!binary",
  "&a",
  "*a",
  "<<",
  "[",
  "{",
  "|",
  "%",
  "@",
  "`",
  "\u0000",
  "9".repeat(400),
  "${NOWHERE}",
  "${PG15_URL}",
  "x".repeat(5_000),
];
const BLOCKS = [
  "__proto__: { polluted: true }",
  "constructor: { prototype: { polluted: true } }",
  "a: &a [x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: [*b, *b, *b, *b, *b, *b, *b, *b]",
  "support: !!js/function 'function () { return 1 }'",
  "---\nsupport: {}",
  `deep: ${"[".repeat(300)}${"]".repeat(300)}`,
  "? { a: b }\n: c",
  "policy: &p { migrate: *p }",
  "\tindented: by a tab",
];

it(`${FILES} damaged configurations are read, or refused with a place and no secret (seed ${SEED})`, async () => {
  const random = seeded(SEED);
  const secrets = Object.fromEntries(
    Object.keys(ENVIRONMENT).map((name) => [name, `postgres://admin:${CANARY}@127.0.0.1:5415/postgres`]),
  );
  const file = join(folder, "godwit.yaml");
  const ends = { read: 0, refused: 0 };
  for (let index = 0; index < FILES; index += 1) {
    let text = EXAMPLE;
    for (let damages = Math.floor(random() * 4); damages >= 0; damages -= 1)
      text = pick(random, DAMAGES)(text, random);
    await writeFile(file, text);
    const environment = {
      ...secrets,
      ORDERS_PASSWORD: CANARY,
      GODWIT_SECRET_KEY: "",
      ...hostileEnvironment(random),
    };
    const error = await loadConfig({ environment, folder, engines: engineCapabilities }).then(
      () => undefined,
      (each: unknown) => each,
    );
    const story = `seed ${SEED}, file ${index}:\n${text.slice(0, 3_000)}`;
    ends[error === undefined ? "read" : "refused"] += 1;
    if (error === undefined) continue;
    expect(error, story).toBeInstanceOf(GodwitError);
    expect(error, story).toMatchObject({ code: "bad-configuration" });
    const words = `${(error as Error).message} ${JSON.stringify(error)}`;
    expect(words, story).not.toContain(CANARY);
    expect(words, story).toMatch(/godwit\.yaml|[A-Z_]{4,}/);
    expect((error as Error).message, story).not.toMatch(/\bat \S+ \(.*:\d+:\d+\)/);
    expect(Object.hasOwn(Object.prototype, "polluted"), story).toBe(false);
  }
  // What is never read or never refused shows nothing.
  expect(Math.min(ends.read, ends.refused)).toBeGreaterThan(FILES / 50);
}, 600_000);

/** A value that is not secret is shown, but for what looks like a password in it. */
const SHOWN = ["PORT", "ADMIN_PORT", "LOG_LEVEL"];
const SECRET = ["SLACK_BOT_TOKEN", "DISCORD_TOKEN", "DATABASE_URL", "REDIS_URL", "GODWIT_SECRET_KEY"];

function hostileEnvironment(random: () => number): Record<string, string> {
  if (random() < 0.8) return {};
  const anything = [hostileText(random, { bytes: 40 }), `redis://x:${CANARY}@`, "", " ", "-1", "65536"];
  if (random() < 0.5) return { [pick(random, SHOWN)]: pick(random, anything) };
  return { [pick(random, SECRET)]: pick(random, [CANARY, ...anything]) };
}

const OWN = {
  POSTGRESQL_ADDON_URI: "postgresql://orders_2:p%40ss@db.example.com:5432/orders_2",
  POSTGRESQL_ADDON_PASSWORD: "p@ss",
  POSTGRESQL_ADDON_DB: "orders_2",
};
const FOREIGN: readonly ((random: () => number) => string)[] = [
  () => "",
  () => "   \t",
  () => "# POSTGRESQL_ADDON_DB=commented out",
  (random) => `# ${hostileText(random, { bytes: 60 }).replace(/[\r\n]/g, "")}`,
  (random) => `NAME_${Math.floor(random() * 99)}='it costs $5'`,
  () => 'QUOTED="a \\"b\\" $HOME"',
  () => "TICKS=`x # y`",
  () => 'CERTIFICATE="-----BEGIN-----\nPOSTGRESQL_ADDON_DB=inside\n-----END-----"',
  () => "export EXPORTED=1 # why",
  () => "POSTGRESQL_ADDON_DB_OLD=orders",
  () => "MY.POSTGRESQL_ADDON_DB=orders",
  () => "=no name",
  () => "no equals sign",
  () => `LONG=${"x".repeat(20_000)}`,
  () => "LATIN=caf\u00e9",
  () => "ZERO=a\u0000b",
  () => "EMPTY=",
  () => "SPACED = value ",
];

/** An env file as lines, each somebody's own or a variable that Godwit sets; some in Latin-1. */
function anEnvFile(random: () => number) {
  const end = random() < 0.3 ? "\r\n" : "\n";
  const lines = Array.from({ length: 1 + Math.floor(random() * 25) }, () => {
    if (random() < 0.75) return { foreign: pick(random, FOREIGN)(random) };
    const name = pick(random, Object.keys(OWN));
    const quote = pick(random, ["", "'", '"']);
    const head = `${pick(random, ["", "export ", "  "])}${name}${pick(random, ["=", " = "])}`;
    return { own: name, text: `${head}${quote}old${quote}${pick(random, ["", " # note", "  "])}` };
  });
  const text = lines.map((line) => line.foreign ?? line.text).join(end) + (random() < 0.7 ? end : "");
  return { lines, bytes: Buffer.from(text, random() < 0.3 ? "latin1" : "utf8") };
}

/** What is left when the lines of Godwit's own variables are taken out. */
function withoutOwn(bytes: Buffer): string {
  const line = new RegExp(
    `^[^\\S\\r\\n]*(export )?(${Object.keys(OWN).join("|")})[^\\S\\r\\n]*=(?!inside|commented).*(\\r?\\n|$)`,
    "gm",
  );
  return bytes
    .toString("latin1")
    .replaceAll(line, "")
    .replace(/\r?\n$/, "");
}

it(`${FILES} env files keep every byte that is not Godwit's, and hold what it has set (seed ${SEED})`, async () => {
  const random = seeded(SEED + 1);
  const file = join(folder, "shop.env");
  for (let index = 0; index < FILES; index += 1) {
    const { bytes } = anEnvFile(random);
    await writeFile(file, bytes);
    await updateEnvFile(file, OWN, { clock: systemClock, signal: NEVER });
    const after = await readFile(file);
    const story = `seed ${SEED}, file ${index}`;
    expect(withoutOwn(after), story).toBe(withoutOwn(bytes));
    const variables = readVariables(after.toString("latin1"));
    for (const [name, value] of Object.entries(OWN))
      expect(variables.get(name), `${story}: ${name}`).toBe(value);
    expect(await updateEnvFile(file, OWN, { clock: systemClock, signal: NEVER }), story).toBe(false);
    expect(await readdir(folder)).not.toContain(".shop.env.godwit");
  }
}, 600_000);
