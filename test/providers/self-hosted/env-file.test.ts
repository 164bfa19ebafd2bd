import { spawnSync } from "node:child_process";
import { chmod, chown, mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inspectEnvFile } from "../../../src/providers/self-hosted/env-file/inspect-env-file.ts";
import { updateEnvFile } from "../../../src/providers/self-hosted/env-file/update-env-file.ts";
import { aClock, aFolder, NEVER } from "./helpers/a-fleet.ts";

async function aFile(text = "A=1\n") {
  const folder = await aFolder();
  const file = join(folder, "shop.env");
  await writeFile(file, text);
  return { folder, file };
}

const waiting = () => ({ clock: aClock(), signal: NEVER });

test("replaces the file with the same mode and leaves nothing behind", async () => {
  const { folder, file } = await aFile();
  await chmod(file, 0o640);
  expect(await updateEnvFile(file, { A: "2" }, waiting())).toBe(true);
  expect(await readFile(file, "utf8")).toBe("A=2\n");
  expect((await stat(file)).mode & 0o7777).toBe(0o640);
  expect(await readdir(folder)).toEqual(["shop.env"]);
});

test.runIf(process.getuid?.() === 0)("keeps the owner", async () => {
  const { file } = await aFile();
  await chown(file, 1234, 4321);
  await updateEnvFile(file, { A: "2" }, waiting());
  expect(await stat(file)).toMatchObject({ uid: 1234, gid: 4321 });
});

test("does not touch a file that holds the values already", async () => {
  const { folder, file } = await aFile();
  const before = await stat(file);
  expect(await updateEnvFile(file, { A: "1" }, waiting())).toBe(false);
  expect(await stat(file)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
  expect(await readdir(folder)).toEqual(["shop.env"]);
});

test("loses no change when several write at once", async () => {
  const { file } = await aFile("");
  const names = Array.from({ length: 12 }, (_, index) => `V${index}`);
  await Promise.all(names.map((name) => updateEnvFile(file, { [name]: "x" }, waiting())));
  const lines = (await readFile(file, "utf8")).trim().split("\n");
  expect(lines.sort()).toEqual(names.map((name) => `${name}=x`).sort());
});

test("takes over the draft of a process that died", async () => {
  const { folder, file } = await aFile();
  const draft = join(folder, ".shop.env.godwit");
  await writeFile(draft, "half");
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(draft, longAgo, longAgo);
  await updateEnvFile(file, { A: "2" }, waiting());
  expect(await readdir(folder)).toEqual(["shop.env"]);
});

test("follows a link within the folder and keeps it a link", async () => {
  const { folder, file } = await aFile();
  await symlink("shop.env", join(folder, "current.env"));
  await updateEnvFile(join(folder, "current.env"), { A: "2" }, waiting());
  expect(await readFile(file, "utf8")).toBe("A=2\n");
  expect((await inspectEnvFile(join(folder, "current.env"))) satisfies object).toMatchObject({ path: file });
});

test("refuses what it cannot replace, and says what to do", async () => {
  const { folder, file } = await aFile();
  const elsewhere = await aFile();
  await symlink(elsewhere.file, join(folder, "link.env"));
  await symlink("nowhere", join(folder, "dangling.env"));
  await mkdir(join(folder, "folder.env"));
  await writeFile(join(folder, "frozen.env"), "", { mode: 0o444 });
  const checks = ["missing.env", "shop.env/x", "link.env", "dangling.env", "folder.env", "frozen.env"].map(
    async (name) => {
      const problem = await inspectEnvFile(join(folder, name));
      return "check" in problem && problem.check;
    },
  );
  expect(await Promise.all(checks)).toEqual([
    "env-file-missing",
    "env-file-missing",
    "env-file-link",
    "env-file-missing",
    "env-file-not-a-file",
    "env-file-read-only",
  ]);
  await expect(updateEnvFile(join(folder, "link.env"), { A: "2" }, waiting())).rejects.toMatchObject({
    code: "env-file-link",
  });
  expect(await readFile(elsewhere.file, "utf8")).toBe("A=1\n");
  expect(await readFile(file, "utf8")).toBe("A=1\n");
});

/** Whether a line of shell succeeds. */
function shell(line: string, ...args: string[]): boolean {
  return spawnSync("/bin/sh", ["-c", line, ...args]).status === 0;
}

const canMount = process.getuid?.() === 0 && shell("command -v mount");

test.runIf(canMount)("finds a file that is mounted by itself", async ({ skip }) => {
  const { folder, file } = await aFile();
  const inside = join(folder, "mounted.env");
  await writeFile(inside, "");
  if (!shell('mount --bind "$0" "$1"', file, inside)) skip("mounting is not allowed here");
  try {
    expect(await inspectEnvFile(inside)).toMatchObject({ check: "env-file-mounted" });
  } finally {
    shell('umount "$0"', inside);
  }
});
