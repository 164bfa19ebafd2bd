/** The command line's exit codes: scripts rely on them. */
export const EXIT = {
  /** Done, and for a migration verified. */
  done: 0,
  failed: 1,
  /** Refused by preflight, or bad input. */
  refused: 2,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
