import { describe, expect, it } from "vitest";
import { estimate } from "../../../src/engines/postgresql/estimate.ts";

describe("the estimate", () => {
  const facts = {
    version: "15",
    fullVersion: "15.18",
    extensions: [],
    otherUsers: [],
    usedBytes: 300e6,
    tables: 2,
    rows: 1_000_000,
  };

  it("comes from past runs when there are any, and says so", () => {
    const { minSeconds, maxSeconds, source } = estimate(facts, [{ bytes: 300e6, readOnlyMs: 12_000 }]);
    expect(minSeconds).toBeLessThanOrEqual(12);
    expect(maxSeconds).toBeGreaterThanOrEqual(12);
    expect(source).toBe("Measured on one past migration of this fleet.");
  });

  it("of a live migration does not grow with the data, by rule and by past runs", () => {
    const huge = { ...facts, usedBytes: 4e12, rows: 1e10 };
    const past = [
      { bytes: 1e6, readOnlyMs: 900_000 },
      { bytes: 1e6, readOnlyMs: 2_400, strategy: "live" as const },
    ];
    expect(estimate(huge, [], "live")).toEqual(estimate(facts, [], "live"));
    expect(estimate(huge, past, "live")).toEqual(estimate(facts, past, "live"));
    const { minSeconds, maxSeconds } = estimate(huge, past, "live");
    expect([minSeconds, maxSeconds]).toEqual([1, 5]);
    expect(estimate({ ...facts, tables: 40_000 }, [], "live").maxSeconds).toBeGreaterThan(60);
  });

  it("is a rule of thumb otherwise", () => {
    const { minSeconds, maxSeconds, source } = estimate(facts, []);
    expect(minSeconds).toBeLessThan(maxSeconds);
    expect(source).toMatch(/rule of thumb/);
  });
});
