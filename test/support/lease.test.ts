import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeLease, waitForLease } from "../../src/store/embedded/lease.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "godwit-test-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("only one of many takers gets the lease, and leaves no file behind", async () => {
  const file = join(folder, "lease");
  const taken = await Promise.all(Array.from({ length: 20 }, () => takeLease(file)));
  const held = taken.filter((lease) => lease !== undefined);
  expect(held).toHaveLength(1);
  await held[0]?.release();
  expect(await readdir(folder)).toEqual([]);
});

test("a lease of a process that is gone is taken over once", async () => {
  const file = join(folder, "lease");
  await writeFile(file, JSON.stringify({ pid: 2 ** 22 + 1, started: "1" }));
  const taken = await Promise.all(Array.from({ length: 20 }, () => takeLease(file)));
  expect(taken.filter((lease) => lease !== undefined)).toHaveLength(1);
});

test("a lease cut short by a crash is taken over", async () => {
  const file = join(folder, "lease");
  await writeFile(file, '{"pid":');
  expect(await takeLease(file)).toBeDefined();
});

test("who waits gets the lease when it is released", async () => {
  const file = join(folder, "lease");
  const first = await takeLease(file);
  const second = waitForLease(file, 5000);
  await first?.release();
  expect(await second).toBeDefined();
});
