import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { isDebian, parseLines, parseStanzas } from "../../scripts/tools/debian-mirror.ts";
import { ensurePgClient, ensureRedis } from "../../scripts/tools/ensure-tools.ts";

afterEach(() => vi.unstubAllEnvs());

describe("client tools", () => {
  test.each(["pg_dump", "pg_restore", "psql"])("%s is of major 18 or newer", async (program) => {
    const output = execFileSync(join(await ensurePgClient(18), program), ["--version"], { encoding: "utf8" });
    expect(Number(/\(PostgreSQL\) (\d+)/.exec(output)?.[1])).toBeGreaterThanOrEqual(18);
  });

  test("redis-server is of major 7 or newer", async () => {
    const output = execFileSync(await ensureRedis(), ["--version"], { encoding: "utf8" });
    expect(Number(/ v=(\d+)/.exec(output)?.[1])).toBeGreaterThanOrEqual(7);
  });

  test("a named folder without the tools is refused with one sentence", async () => {
    vi.stubEnv("GODWIT_PG_BIN", "/nowhere");
    await expect(ensurePgClient(18)).rejects.toThrow(
      /^Godwit needs pg_dump 18 .* GODWIT_PG_BIN names \/nowhere/,
    );
  });

  test("a version that cannot be fetched is refused with one sentence", async () => {
    vi.stubEnv("GODWIT_PG_BIN", "");
    await expect(ensurePgClient(99)).rejects.toThrow(/install PostgreSQL|brew install/);
  });
});

describe("apt sources", () => {
  const stanzas = `# Debian
Types: deb
# a snapshot
URIs: http://mirror.example/debian http://other.example/debian
Suites: bookworm
  bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
Enabled: no
URIs: http://off.example/debian
Suites: bookworm
Components: main
`;

  test("reads stanzas with comments, several addresses and continued lines", () => {
    const sources = parseStanzas(stanzas);
    expect(sources.map(({ uri, suite }) => `${uri} ${suite}`)).toEqual([
      "http://mirror.example/debian bookworm",
      "http://mirror.example/debian bookworm-updates",
      "http://other.example/debian bookworm",
      "http://other.example/debian bookworm-updates",
    ]);
    expect(sources[0]?.components).toEqual(["main", "contrib"]);
  });

  test("reads lines with and without options", () => {
    const text =
      "deb [arch=amd64 signed-by=/k/debian-archive-keyring.gpg] http://a/debian trixie main # x\n#deb x y z\n";
    expect(parseLines(`${text}deb http://b/debian trixie main\ndeb-src http://c/debian trixie main`)).toEqual(
      [
        {
          uri: "http://a/debian",
          suite: "trixie",
          components: ["main"],
          signedBy: "/k/debian-archive-keyring.gpg",
        },
        { uri: "http://b/debian", suite: "trixie", components: ["main"], signedBy: "" },
      ],
    );
  });

  test.each([
    ["deb http://a/debian bookworm main", true],
    ["deb mirror+file:/etc/apt/mirrors/debian.list bookworm main", true],
    ["deb [signed-by=/k/debian-archive-keyring.gpg] http://a/archive/20260101T000000Z bookworm main", true],
    ["deb http://a/debian bookworm-updates main", false],
    ["deb http://a/debian-security bookworm main", false],
    ["deb [signed-by=/k/docker.asc] http://a/linux/debian bookworm main", false],
    ["deb http://a/linux/debian bookworm stable", false],
    ["deb http://a/repos/apt bookworm-pgdg main", false],
  ])("%s: Debian's own archive is %s", (line, expected) => {
    expect(parseLines(line).some((source) => isDebian(source, "bookworm"))).toBe(expected);
  });
});
