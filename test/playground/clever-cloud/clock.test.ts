import { afterEach, describe, expect, test } from "vitest";
import { PlatformClock } from "../../../playground/clever-cloud/clock.ts";
import { until } from "../../support/until.ts";

describe("the platform's clock", () => {
  const clocks: PlatformClock[] = [];

  const start = (kind: "real" | "hand", startMs = 1000): PlatformClock => {
    const clock = new PlatformClock(kind, startMs);
    clocks.push(clock);
    return clock;
  };

  afterEach(() => {
    for (const clock of clocks.splice(0)) clock.close();
  });

  test("by hand it does what falls due in order of time, each at its own time", () => {
    const clock = start("hand");
    const done: [string, number][] = [];
    const note = (name: string) => (): void => void done.push([name, clock.now()]);
    clock.schedule(50, note("late"));
    clock.schedule(10, () => {
      note("early")();
      clock.schedule(20, note("middle"));
      clock.schedule(500, note("never"));
    });
    clock.advance(100);

    expect(done).toEqual([
      ["early", 1010],
      ["middle", 1030],
      ["late", 1050],
    ]);
    expect(clock.now()).toBe(1100);
  });

  test("what is unscheduled does not happen", () => {
    const clock = start("hand");
    const done: string[] = [];
    clock.schedule(10, () => done.push("one"))();
    clock.schedule(10, () => done.push("other"));
    clock.advance(10);

    expect(done).toEqual(["other"]);
  });

  test("on real time, what remains after it was moved ahead comes that much sooner", async () => {
    const clock = start("real");
    let isDone = false;
    clock.schedule(3_600_000, () => {
      isDone = true;
    });
    clock.advance(3_599_990);

    expect(isDone).toBe(false);
    await until(() => isDone, { what: "the task" });
  });

  test("once closed it takes nothing new", () => {
    const clock = start("hand");
    const done: string[] = [];
    clock.schedule(10, () => done.push("before"));
    clock.close();
    clock.schedule(10, () => done.push("after"));
    clock.advance(100);

    expect(done).toEqual([]);
  });
});
