import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildClient } from "../../playground/page/build-client.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "godwit-page-test-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test("builds once, and the second start reads what the first built", async () => {
  const environment = process.env.NODE_ENV;
  const first = await buildClient(folder);
  const builtAt = performance.now();
  const second = await buildClient(folder);
  expect(performance.now() - builtAt).toBeLessThan(500);
  expect([...second.keys()].sort()).toEqual([...first.keys()].sort());
  expect(
    [...first.keys()].filter((path) => /^\/(index\.html|assets\/.+\.(js|css))$/.test(path)),
  ).toHaveLength(3);
  expect(await readdir(folder)).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/)]);
  expect(process.env.NODE_ENV).toBe(environment);
});

test("several starts at once do not disturb each other", async () => {
  const built = await Promise.all([buildClient(folder), buildClient(folder)]);
  expect(built.every((files) => files.has("/index.html"))).toBe(true);
  expect(await readdir(folder)).toHaveLength(1);
});

test("replaces the build of older sources", async () => {
  const old = join(folder, "0123456789abcdef");
  await writeFile(old, "");
  await buildClient(folder);
  expect(await readdir(folder)).not.toContain("0123456789abcdef");
});

test("builds elsewhere when the folder cannot be written", async () => {
  const file = join(folder, "file");
  await writeFile(file, "");
  const files = await buildClient(join(file, "page"));
  expect(files.has("/index.html")).toBe(true);
});
