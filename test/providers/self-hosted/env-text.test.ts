import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readVariables, setVariables } from "../../../src/providers/self-hosted/env-file/edit-env-text.ts";

const CASES: readonly [name: string, before: string, after: string][] = [
  ["replaces a value", "A=1\n", "A=new\n"],
  ["leaves other lines and comments", "# A=0\nB=2\nA=1\n\n# end\n", "# A=0\nB=2\nA=new\n\n# end\n"],
  ["appends what is missing", "B=2\n", "B=2\nA=new\n"],
  ["ends the last line before it appends", "B=2", "B=2\nA=new\n"],
  ["fills an empty file", "", "A=new\n"],
  ["keeps export and indentation", "  export A=1\n", "  export A=new\n"],
  ["keeps a comment behind the value", "A=1 # the first\n", "A=new # the first\n"],
  ["takes a # inside a value for the value", "A=a#b\n", "A=new\n"],
  ["keeps double quotes", 'A="1"\n', 'A="new"\n'],
  ["keeps single quotes", "A='1' # x\n", "A='new' # x\n"],
  ["keeps Windows line ends", "B=2\r\nA=1\r\n", "B=2\r\nA=new\r\n"],
  ["appends with Windows line ends", "B=2\r\n", "B=2\r\nA=new\r\n"],
  ["changes a name that stands twice everywhere", "A=1\nA=2\n", "A=new\nA=new\n"],
  ["does not take the end of another name for it", "MY_A=1\nA=2\n", "MY_A=1\nA=new\n"],
  ["is not fooled by a line within a quoted value", 'K="x\nA=1\ny"\nA=2\n', 'K="x\nA=1\ny"\nA=new\n'],
  ["replaces a value of several lines", "A='x\ny'\nB=2\n", "A=new_\nB=2\n".replace("new_", "'new'")],
  ["replaces an empty value", "A=\nB=2\n", "A=new\nB=2\n"],
  ["leaves a broken quote alone and appends", 'A="1\nB=2\n', 'A="1\nB=2\nA=new\n'],
  ["keeps blanks around the equals sign", "A = 1\n", "A = new\n"],
];

test.each(CASES)("%s", (_, before, after) => {
  expect(setVariables(before, { A: "new" })).toBe(after);
});

test("leaves the text alone when the values are there already", () => {
  const text = "A='1'\r\n# x\nexport B=2 # two";
  expect(setVariables(text, { A: "1", B: "2" })).toBe(text);
});

test("changes nothing twice", () => {
  const once = setVariables("X=1\nA='0'", { A: "p#q r", B: "it's" });
  expect(setVariables(once, { A: "p#q r", B: "it's" })).toBe(once);
});

test("refuses a value that no quotes can hold", () => {
  const refusal = expect.objectContaining({ code: "env-value-unwritable" });
  for (const value of ["a\nb", `both ' and "`, "it's $HOME"]) {
    expect(() => setVariables("", { A: value })).toThrow(refusal);
  }
});

const VALUES = [
  "plain",
  "postgres://u:p@h:5432/d?sslmode=require",
  "a b",
  "a#b",
  "a $HOME `id` \\n",
  "it's",
  'say "x"',
  "a&b;c",
  "",
];

test.each(VALUES)("writes %j so that shells and node --env-file read the same", (value) => {
  for (const former of ["", "A=1\n", "A='1'\n", 'A="1"\n']) {
    const text = setVariables(former, { A: value });
    expect(readVariables(text).get("A")).toBe(value);
    const folder = mkdtempSync(join(tmpdir(), "godwit-env-"));
    const file = join(folder, "x.env");
    writeFileSync(file, text);
    const print = ["-e", "process.stdout.write(process.env.A ?? '')"];
    const byNode = execFileSync(process.execPath, [`--env-file=${file}`, ...print], { env: {} });
    const byShell = execFileSync("/bin/sh", ["-c", `. "${file}"; printf %s "$A"`], { env: {} });
    rmSync(folder, { recursive: true });
    expect([byNode.toString(), byShell.toString()]).toEqual([value, value]);
  }
});
