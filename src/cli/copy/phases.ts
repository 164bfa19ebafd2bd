import type { CopyReporter } from "./reporter.ts";

/** Measures how long each phase takes, and tells when it begins. A phase that is repeated adds up. */
export class Phases {
  readonly seconds: Record<string, number> = {};
  readonly #reporter: CopyReporter;

  constructor(reporter: CopyReporter) {
    this.#reporter = reporter;
  }

  async run<T>(name: string, title: string, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    this.#reporter.phase(name, title);
    try {
      return await work();
    } finally {
      const milliseconds = (this.seconds[name] ?? 0) * 1000 + performance.now() - startedAt;
      this.seconds[name] = Math.round(milliseconds) / 1000;
    }
  }
}
