import type { Plot } from "./plot.ts";

/** The step at which a plot ends badly; undefined when it ends well. @param steps those of this migration */
export function failureOf(plot: Plot, steps: readonly string[]): string | undefined {
  if (plot.end === undefined || plot.end === "ok") return undefined;
  const wanted = plot.at ?? "DUMP_AND_RESTORE";
  return steps.includes(wanted) ? wanted : steps.at(-1);
}
