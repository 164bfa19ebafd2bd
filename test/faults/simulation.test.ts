import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { bundledProgram } from "../support/shared-servers.ts";
import { amount } from "./length.ts";

/** What `run-seeds` prints last. */
interface Totals {
  readonly seeds: number;
  readonly deaths: number;
  readonly stops: number;
  readonly failures: number;
  readonly endings: Readonly<Record<string, number>>;
}

const SEEDS = amount(120, 20_000);
/** The same storms each time, so that red means that something has changed; `FAULTS_SEED` begins elsewhere. */
const FIRST = Number(process.env["FAULTS_SEED"] ?? 1);

it(`${SEEDS} simulated storms from seed ${FIRST} lose, double and leave nothing`, async () => {
  const program = await bundledProgram("test/faults/simulation/run-seeds.ts");
  const child = spawn(process.execPath, ["--enable-source-maps", program, String(FIRST), String(SEEDS)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [printed] = await Promise.all([text(child.stdout), once(child, "exit")]);
  const lines = printed.trim().split("\n");
  const totals = JSON.parse(lines.at(-1) ?? "") as Totals;

  expect(lines.slice(0, -1)).toEqual([]);
  expect(totals).toMatchObject({ seeds: SEEDS, failures: 0 });
  // A storm in which nobody dies and nothing ends proves nothing.
  expect(totals.deaths).toBeGreaterThan(SEEDS);
  expect(Object.keys(totals.endings)).toEqual(
    expect.arrayContaining(["succeeded", "rolled_back", "cancelled"]),
  );
}, 7_200_000);
