import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aKeyText } from "../store/a-keyring.ts";
import { createTestDatabase, querySql, type TestDatabase } from "../support/test-database.ts";
import { type TestFleet, withFleet } from "../support/with-fleet.ts";
import { runGodwit } from "./run-godwit.ts";

const SECRET = "tr0ub4dor-canary";

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), "godwit-cli-"));
});

afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

describe("godwit on a terminal", () => {
  it("prints its commands for help, and exits with 2 for a command that does not exist", async () => {
    const [help, unknown] = await Promise.all([
      runGodwit(["help"], { folder, environment: {} }),
      runGodwit(["explode"], { folder, environment: {} }),
    ]);

    expect(help).toMatchObject({ exitCode: 0, stderr: "" });
    expect(help.stdout).toMatch(/godwit migrate ADDON/);
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).toMatch(/^godwit has no command “explode”\./);
  });

  it("says in one line that there is no godwit.yaml", async () => {
    const run = await runGodwit(["migrate", "orders"], {
      folder,
      environment: { GODWIT_CONFIG: "missing.yaml" },
    });

    expect(run.exitCode).toBe(2);
    expect(run.stderr.trim().split("\n")).toHaveLength(1);
    expect(run.stderr).toMatch(/^godwit: The configuration file .*missing\.yaml cannot be read/);
  });

  it("names line, key, value and what would be right in a malformed godwit.yaml", async () => {
    await writeFile(
      join(folder, "bad.yaml"),
      "providers:\n  - kind: self-hosted\n    name: fleet\n    plams: []\n",
    );

    const run = await runGodwit(["migrate", "orders"], {
      folder,
      environment: { GODWIT_CONFIG: "bad.yaml" },
    });

    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/bad\.yaml:4.*plams.*plans/s);
  });
});

describe("godwit migrate and doctor on a real fleet", () => {
  it("refuse what cannot be done with exit code 2, migrate what can, and print no secret", async () => {
    await withFleet({ majors: [15, 18], rows: 2_000 }, async (stage) => {
      const environment = {
        ...stage.config.environment,
        DATABASE_URL: database.url,
        GODWIT_SECRET_KEY: aKeyText(),
      };
      const run = (args: string[], more = {}) =>
        runGodwit(args, { folder: stage.folder, environment: { ...environment, ...more } });

      expect(await run(["doctor"])).toMatchObject({
        exitCode: 1,
        stdout: expect.stringMatching(/ok {4}fleet|pg15/),
      });
      await refuse(run, stage);
      const migrated = await run([
        "migrate",
        "orders",
        "--plan",
        "pg-m",
        "--version",
        "18",
        "--yes",
        "--json",
      ]);

      const report = JSON.parse(migrated.stdout.trim().split("\n").at(-1) ?? "{}");
      expect({ exitCode: migrated.exitCode, ...report }).toMatchObject({
        exitCode: 0,
        verified: true,
        state: "succeeded",
      });
      expect(report.rows).toBeGreaterThan(2_000);
      expect(report.readOnlySeconds).toBeGreaterThan(0);
      expect(migrated.stdout).not.toContain(stage.orders.password);
      expect((await run(["doctor", "--deep"])).stdout).toMatch(
        /ok {4}records: \d+ migration\(s\), and every invariant holds/,
      );
      await refuseAfterwards(run);
    });
  }, 240_000);
});

type RunHere = (args: string[], more?: Record<string, string>) => ReturnType<typeof runGodwit>;

async function refuse(run: RunHere, { fleet }: TestFleet): Promise<void> {
  const closed = "postgresql://postgres@127.0.0.1:1/postgres";
  const wrong = new URL(fleet.server(15).url);
  wrong.password = SECRET;
  const cases: [string[], RegExp, Record<string, string>?][] = [
    [["migrate", "nothing", "--yes"], /no add-on called “nothing”/],
    [["migrate", "orders", "--plan", "pg-xxl", "--yes"], /There is no plan “pg-xxl”.*pg-s, pg-m, pg-l/s],
    [["migrate", "orders", "--version", "99", "--yes"], /There is no version “99”/],
    [["migrate", "orders", "--plan", "pg-m"], /no terminal to confirm on; add --yes/],
    [["migrate"], /takes one add-on/],
    [["migrate", "orders", "--wrong"], /--wrong/],
    [["migrate", "orders", "--yes"], /pg15/, { PG15_URL: closed }],
    [["migrate", "orders", "--yes"], /pg15/, { PG15_URL: wrong.href }],
    [["migrate", "orders", "--version", "18", "--yes"], /18/, { PG18_URL: closed }],
    [["migrate", "orders", "--yes"], /Godwit's own database cannot be used/, { DATABASE_URL: closed }],
  ];
  for (const [args, sentence, more] of cases) {
    const { exitCode, stdout, stderr } = await run(args, more);
    expect({ args, exitCode, text: stderr + stdout }).toEqual({
      args,
      exitCode: 2,
      text: expect.stringMatching(sentence),
    });
    expect(stderr + stdout).not.toContain(SECRET);
  }
  const states = await querySql<{ state: string }>(
    database.url,
    "SELECT DISTINCT state FROM godwit.migrations",
  );
  expect(states.map(({ state }) => state).filter((state) => state !== "awaiting_confirmation")).toEqual([]);
}

async function refuseAfterwards(run: RunHere): Promise<void> {
  const version = await run(["migrate", "orders", "--version", "15", "--yes"]);
  const plan = await run(["migrate", "orders", "--plan", "pg-s", "--yes"]);

  expect(version).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/older than 18.*Downgrades go through support/s),
  });
  expect(plan).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/less memory than now.*Downgrades go through support/s),
  });
}

it("leaves the configuration as it found it", async () => {
  expect(await readFile(join(folder, "bad.yaml"), "utf8")).toContain("plams");
});
