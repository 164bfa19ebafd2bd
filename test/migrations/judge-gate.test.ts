import { describe, expect, it } from "vitest";
import { afterReturn, type Gate, initialGate, judgeGate } from "../../src/core/gate.ts";

const now = new Date("2026-01-01T12:00:00Z");
const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000);
const lag = (change = {}) => ({
  behindBytes: 0,
  behindMs: null,
  backlogBytes: 0,
  isApplying: true,
  ...change,
});
const gate = (change: Partial<Gate> = {}): Gate => ({ ...initialGate("live"), ...change });

describe("the gate", () => {
  it.each([
    ["opens when the lag is small", gate(), lag(), { opens: true, state: "armed" }],
    ["waits for bytes", gate(), lag({ behindBytes: 2 ** 30 }), { opens: false, state: "waiting-for-lag" }],
    ["waits for time", gate(), lag({ behindMs: 60_000 }), { opens: false, state: "waiting-for-lag" }],
    ["waits while nothing is applied", gate(), lag({ isApplying: false }), { opens: false }],
    ["stays closed while it is held", initialGate("live-held"), lag(), { opens: false, state: "stopped" }],
    ["waits for its time", gate({ mode: "at", switchAt: later(1) }), lag(), { opens: false, state: "armed" }],
    ["opens after its time", gate({ mode: "at", switchAt: later(-1) }), lag(), { opens: true }],
    ["waits before it tries again", gate({ retryAt: later(1) }), lag(), { opens: false, state: "retrying" }],
    ["tries again", gate({ retryAt: later(-1) }), lag(), { opens: true, state: "armed" }],
  ])("%s", (_, stands, behind, verdict) => {
    expect(judgeGate(stands, behind, now)).toMatchObject(verdict);
  });

  it("waits longer after each switch that was taken back, and stops at the third", () => {
    const first = afterReturn(gate(), "Slow.", now);
    const second = afterReturn(first, "Slow.", now);
    expect([first, second]).toMatchObject([{ state: "retrying" }, { state: "retrying" }]);
    expect(second.retryAt?.getTime()).toBeGreaterThan(first.retryAt?.getTime() ?? 0);
    expect(afterReturn(second, "Slow.", now)).toMatchObject({
      mode: "held",
      state: "stopped",
      retryAt: null,
    });
  });
});
