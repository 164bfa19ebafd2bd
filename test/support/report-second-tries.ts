import type { Reporter, TestModule } from "vitest/node";

/** Names what passed only when it was run once more, so that a weak test does not hide behind a second try. */
export default class SecondTries implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const names = modules.flatMap((module) =>
      [...module.children.allTests()]
        .filter((test) => test.diagnostic()?.flaky === true)
        .map((test) => `${module.relativeModuleId}: ${test.fullName}`),
    );
    if (names.length === 0) return;
    process.stdout.write(`\nPassed at the second try only:\n${names.map((name) => `  ${name}\n`).join("")}`);
  }
}
