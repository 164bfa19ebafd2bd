/** What the scripted person did and found. */
export interface ScriptOutcome {
  /** Reasons why the run does not count as a success; empty when all is well. */
  readonly complaints: readonly string[];
  readonly lines: readonly string[];
}
