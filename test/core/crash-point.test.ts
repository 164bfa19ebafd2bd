import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { CRASH_POINTS } from "../../src/core/crash-point.ts";

const SRC = fileURLToPath(new URL("../../src/", import.meta.url));

describe("crash points", () => {
  it("stand in the code, each by its name in one place, and none that is not in the list", async () => {
    const files = (await readdir(SRC, { recursive: true })).filter((name) => name.endsWith(".ts"));
    const texts = await Promise.all(files.map((name) => readFile(join(SRC, name), "utf8")));
    const called = texts.flatMap((text) =>
      [...text.matchAll(/crashPoint\("([^"]+)"\)/g)].map(([, name = ""]) => name),
    );

    expect(called.toSorted()).toEqual([...CRASH_POINTS].toSorted());
  });
});
