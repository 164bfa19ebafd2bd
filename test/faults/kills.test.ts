import { describe, expect, it } from "vitest";
import { CRASH_POINTS } from "../../src/core/crash-point.ts";
import { PAIRS } from "../journeys/stage.ts";
import { type Kill, killAt } from "./kills/kill-at.ts";
import { scenarioOf } from "./kills/scenarios.ts";
import { amount, IS_LONG } from "./length.ts";

/** Where the short form begins in the list of points; `FAULTS_SEED` begins elsewhere. */
const FIRST = Number(process.env["FAULTS_SEED"] ?? 0) % CRASH_POINTS.length;
const COUNT = amount(2, CRASH_POINTS.length);
const STRIDE = 11;

/** Points in the order of the run, with the platforms and queues in turn. */
function kills(): Kill[] {
  const chosen = Array.from({ length: COUNT }, (_, index) => {
    const place = (FIRST + index * STRIDE) % CRASH_POINTS.length;
    return { point: CRASH_POINTS[place] ?? CRASH_POINTS[0], turn: index };
  });
  return chosen.flatMap(({ point, turn }) => {
    const once = { ...pairOf(turn), point, times: 1 } as const;
    if (!IS_LONG || scenarioOf(point).happensOnce) return [once];
    return [once, { ...pairOf(turn + 1), point, times: 2 } as const];
  });
}

function pairOf(turn: number): Pick<Kill, "platform" | "backend"> {
  const [platform, backend] = PAIRS[turn % PAIRS.length] ?? (["Slack", "PostgreSQL"] as const);
  return { platform, backend };
}

describe(`a process that is killed by SIGKILL, from point ${FIRST}`, () => {
  it.each(kills())(
    "at $point, $times times, told in $platform, queue on $backend, is followed with nothing lost",
    async (kill) => {
      await killAt(kill);
    },
    300_000,
  );

  it("is killed at every point in the long form", () => {
    const places = Array.from(
      { length: CRASH_POINTS.length },
      (_, index) => (index * STRIDE) % CRASH_POINTS.length,
    );
    expect(new Set(places).size).toBe(CRASH_POINTS.length);
  });
});
