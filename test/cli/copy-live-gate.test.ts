import { PassThrough } from "node:stream";
import { afterEach, describe, expect, it, vi } from "vitest";
import { copyTo } from "../../src/cli/copy/copy-to.ts";
import { Gatekeeper } from "../../src/cli/copy/live/gatekeeper.ts";
import { listenForGo } from "../../src/cli/copy/live/listen-for-go.ts";
import { gateLine, gateNotice, returnedNotice } from "../../src/cli/copy/live/sentences.ts";
import { parseSwitchAt } from "../../src/cli/copy/live/switch-time.ts";
import type { CopyOrder } from "../../src/cli/copy/order.ts";
import { createCopyReporter } from "../../src/cli/copy/reporter.ts";
import { CopyState } from "../../src/cli/copy/state.ts";
import { BadInput } from "../../src/cli/usage.ts";
import { systemClock } from "../../src/clock.ts";
import { judgeGate } from "../../src/core/gate.ts";
import type { Clock } from "../../src/core/ports/clock.ts";
import type { ReplicationLag } from "../../src/core/ports/replication.ts";
import { Secret } from "../../src/core/secret.ts";
import { aCall } from "../contracts/engine-subject.ts";
import { anEngine } from "../engines/postgresql/make-subject.ts";
import { acceptsWrites, LIVE_SOURCE } from "./copy-live-support.ts";
import { useCopies } from "./copy-support.ts";

const copies = useCopies();
const signal = new AbortController().signal;
const NONE: ReplicationLag = { isApplying: true, behindBytes: 0, behindMs: null, backlogBytes: 0 };

afterEach(() => vi.restoreAllMocks());

describe("--switch-at", () => {
  const now = new Date(2030, 0, 31, 14, 0);
  it.each([
    ["14:01", new Date(2030, 0, 31, 14, 1)],
    ["02:30", new Date(2030, 1, 1, 2, 30)],
    ["14:00", new Date(2030, 1, 1, 14, 0)],
    ["2030-01-31T14:05", new Date(2030, 0, 31, 14, 5)],
    ["2030-02-01 00:00:30", new Date(2030, 1, 1, 0, 0, 30)],
    ["2031-01-31T14:05Z", new Date(Date.UTC(2031, 0, 31, 14, 5))],
    ["2031-01-31T14:05:00+02:00", new Date(Date.UTC(2031, 0, 31, 12, 5))],
  ])("takes %s", (text, at) => {
    expect(parseSwitchAt(text, now)).toEqual({ kind: "at", at });
  });

  it.each([
    "24:00",
    "12:60",
    "soon",
    "",
    "2030-02-30T10:00",
    "2030-13-01T10:00",
    "2030-02-01",
    "2030-02-01T25:00",
  ])("refuses %j", (text) => {
    expect(() => parseSwitchAt(text, now)).toThrow(BadInput);
  });

  it("refuses a moment that is over", () => {
    expect(() => parseSwitchAt("2030-01-31T13:59", now)).toThrow(/in the past/);
    expect(() => parseSwitchAt("2029-12-01T00:00Z", now)).toThrow(/in the past/);
  });
});

describe("the gate on a terminal", () => {
  const opens = (gatekeeper: Gatekeeper): boolean => judgeGate(gatekeeper.gate, NONE, new Date()).opens;
  const aTerminal = () => {
    const gatekeeper = new Gatekeeper({ when: { kind: "person" }, hasTerminal: true });
    const keys = Object.assign(new PassThrough(), { isTTY: true });
    return { gatekeeper, keys, stop: listenForGo(gatekeeper, keys) };
  };

  it("opens on Enter, which ends the wait at once", async () => {
    const { gatekeeper, keys, stop } = aTerminal();
    await gatekeeper.asking(async () => {
      const resting = gatekeeper.rest(60_000, { ...aCall(), clock: systemClock });
      keys.write("\n");
      await resting;
    });
    expect(opens(gatekeeper)).toBe(true);
    expect(gateNotice(gatekeeper)).toContain("switches as soon as");
    stop();
  });

  it("hears Enter during a look as well, and does not wait after it", async () => {
    const { gatekeeper, keys, stop } = aTerminal();
    await gatekeeper.asking(async () => {
      keys.write("\n");
      await new Promise((done) => setImmediate(done));
      await gatekeeper.rest(60_000, { ...aCall(), clock: systemClock });
    });
    expect(opens(gatekeeper)).toBe(true);
    stop();
  });

  it("ends its wait with the run that it belongs to", async () => {
    const { gatekeeper, stop } = aTerminal();
    const run = new AbortController();
    const resting = gatekeeper.rest(60_000, { ...aCall(run.signal), clock: systemClock });
    run.abort(new Error("interrupted"));
    await expect(resting).rejects.toThrow("interrupted");
    stop();
  });

  it("overhears keys that were pressed before it asked, and keys that are not Enter", async () => {
    const { gatekeeper, keys, stop } = aTerminal();
    keys.write("\n");
    await new Promise((done) => setImmediate(done));
    await gatekeeper.asking(async () => {
      keys.write("x");
      await gatekeeper.rest(50, aCall());
    });
    expect(opens(gatekeeper)).toBe(false);
    expect(gateNotice(gatekeeper)).toContain("press Enter");
    stop();
  });

  it("stays closed after the third switch that was taken back, until somebody presses Enter", async () => {
    const { gatekeeper, keys, stop } = aTerminal();
    const now = new Date();
    for (let tries = 1; tries <= 3; tries += 1) gatekeeper.returned("It was too slow.", now);
    expect(judgeGate(gatekeeper.gate, NONE, new Date(now.getTime() + 86_400_000)).opens).toBe(false);
    expect(returnedNotice(gatekeeper, now)).toMatch(
      /^It was too slow\..*third time\. To try again, press Enter/,
    );
    await gatekeeper.asking(async () => {
      keys.write("\n");
      await gatekeeper.rest(50, aCall());
    });
    expect(opens(gatekeeper)).toBe(true);
    stop();
  });

  it("opens for a signal that came before it, not for one during a switch", async () => {
    const { gatekeeper, stop } = aTerminal();
    await gatekeeper.switching(async () => void process.emit("SIGUSR2"));
    expect(opens(gatekeeper)).toBe(false);
    process.emit("SIGUSR2");
    expect(opens(gatekeeper)).toBe(true);
    stop();
  });

  it("lets go of the terminal, so that the process can end", () => {
    const { keys, stop } = aTerminal();
    expect(process.listenerCount("SIGUSR2")).toBe(1);
    stop();
    expect({ isPaused: keys.isPaused(), signals: process.listenerCount("SIGUSR2") }).toEqual({
      isPaused: true,
      signals: 0,
    });
  });

  it("says in one line how far behind the new database is, and what it waits for", () => {
    const { gatekeeper, stop } = aTerminal();
    const lag = { ...NONE, behindBytes: 3 * 2 ** 20, behindMs: 1_500 };
    const { gate, hasTerminal } = gatekeeper;
    const line = gateLine({ gate, verdict: judgeGate(gate, lag, new Date()), lag, hasTerminal });
    expect(line).toBe("The new database is 3 MiB and 1.5 s behind. Enter switches.");
    stop();
  });
});

describe("the gate as JSON", () => {
  it("is told when its state changes, and otherwise not at every look", () => {
    const printed = vi.spyOn(console, "log").mockImplementation(() => undefined);
    const reporter = createCopyReporter(true);
    const { gate } = new Gatekeeper({ when: { kind: "now" }, hasTerminal: false });
    const look = (behindBytes: number): void => {
      const lag = { ...NONE, behindBytes };
      reporter.gate({ gate, lag, verdict: judgeGate(gate, lag, new Date()), hasTerminal: false });
    };
    for (const behindBytes of [9e9, 8e9, 7e9, 6e9, 10, 20]) look(behindBytes);
    const lines = printed.mock.calls.map(([line]) => JSON.parse(String(line)) as { state: string });
    expect(lines.map(({ state }) => state)).toEqual(["waiting-for-lag", "armed"]);
    expect(lines[0]).toMatchObject({ type: "gate", behindBytes: 9e9, pid: process.pid, tries: 0 });
  });
});

/** Time that passes as fast as somebody waits. */
function quickClock(): Clock {
  let ahead = 0;
  return {
    now: () => new Date(Date.now() + ahead),
    async sleep(ms) {
      ahead += ms;
      await new Promise((done) => setTimeout(done, 5));
    },
  };
}

describe("a switch that is taken back each time", () => {
  it("is given up after the third where nobody could say more, and leaves nothing", async () => {
    const { from, to, source } = await copies.make(LIVE_SOURCE);
    const printed = vi.spyOn(console, "log").mockImplementation(() => undefined);
    const engine = anEngine();
    const state = await CopyState.open(copies.folder(), from);
    const live = { when: { kind: "now" }, switchLimitMs: 1, backlogLimitBytes: 2 ** 30 } as const;
    const common = { from, to, owner: undefined, json: true, resumes: false, unfences: false };
    const order: CopyOrder = { ...common, engine, live };
    const copy = {
      order,
      state,
      reporter: createCopyReporter(true),
      call: { ...aCall(), clock: quickClock() },
      open: async (to: string, goesOn: boolean) => {
        const opened = await engine.openUrls?.(
          { from: new Secret(from), to: new Secret(to), goesOn },
          signal,
        );
        if (!opened) throw new Error("no URLs");
        return opened;
      },
    };
    await expect(copyTo(copy, to)).rejects.toMatchObject({ code: "switch-given-up" });
    await state.close();
    const text = printed.mock.calls.join("\n");
    expect(text.match(/"name":"gate"/g)).toHaveLength(3);
    expect(text).toContain("tried again in 30 s");
    expect(text).toContain("tried again in 1 min");
    expect(state.note).toMatchObject({ replication: null, undo: null });
    expect(await acceptsWrites(source)).toBe(true);
  });
});
