import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["dist/**", "node_modules/**"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    globalSetup: ["test/support/global-setup.ts"],
    pool: "forks",
    maxWorkers: 2,
    // Whole stories run against the clock of a chat that waits three seconds, on machines that others use too.
    // What needs a second try is named at the end of .ci/run.
    retry: process.env["CI"] === undefined ? 0 : 1,
  },
});
