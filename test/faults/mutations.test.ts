import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { IS_LONG } from "./length.ts";
import { MUTATIONS } from "./mutations/guards.ts";
import { copyTree, mutatedText, runMutated, runSuite } from "./mutations/run-mutated.ts";

describe("each guard", () => {
  it.each(MUTATIONS)("stands where its mutation looks for it: $guard", async (mutation) => {
    expect(await mutatedText(mutation)).not.toContain(mutation.search);
  });
});

/** Each runs a suite in a process of its own, for minutes in all. */
if (IS_LONG) describe("a suite", sabotage);

function sabotage(): void {
  let tree: Awaited<ReturnType<typeof copyTree>>;
  beforeAll(async () => {
    tree = await copyTree();
  });
  afterAll(() => tree.remove());

  it.each([...new Set(MUTATIONS.map(({ suite }) => suite))])(
    "is green with every guard: %s",
    async (suite) => {
      expect((await runSuite(tree.path, suite)).failed).toBe(0);
    },
    300_000,
  );

  it.each(MUTATIONS)(
    "goes red without $guard",
    async (mutation) => {
      const { failed } = await runMutated(tree.path, mutation);
      expect(failed).toBeGreaterThan(0);
    },
    300_000,
  );
}
