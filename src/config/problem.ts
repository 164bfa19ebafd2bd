import { GodwitError } from "../core/failure.ts";

/** One thing that is wrong in the configuration. */
export interface Problem {
  /** `godwit.yaml:12`, or `environment`. */
  readonly where: string;
  /** Key path or variable with what is wrong and what would be right; holds no secret. */
  readonly what: string;
}

/** The error that lists every problem of the configuration at once, one line each. */
export function badConfiguration(problems: readonly Problem[]): GodwitError {
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  const lines = problems.map(({ where, what }) => `${where}: ${what}`);
  return new GodwitError({
    code: "bad-configuration",
    summary: `The configuration has ${count}:\n${lines.join("\n")}\n`,
    remedy: "Correct it and start Godwit again.",
  });
}
