/** What happens to one migration. Left out: it succeeds. */
export interface Plot {
  /**
   * `ok`; `recovered`: a step fails and the platform goes back; `failed`: a step fails and nothing is put back;
   * `recovery-failed`: it goes back and fails at that too; `recovering`: it goes back and never ends; `aborted`: the
   * platform itself gives up.
   */
  readonly end?: "ok" | "recovered" | "failed" | "recovery-failed" | "recovering" | "aborted";
  /** The step at which it ends badly; DUMP_AND_RESTORE unless told otherwise, the last one where the kind has none. */
  readonly at?: string;
  /** What the failed step says. */
  readonly message?: string;
  /** How long RECOVERING lasts beyond its steps, in milliseconds of the platform's clock. */
  readonly recoveringMs?: number;
  /** A step that no list knows, after one that does. */
  readonly unknownStep?: { readonly name: string; readonly after: string };
  /** This step stays RUNNING until `release()`. */
  readonly holdAt?: string;
  /** What DELETE does; left out: accepted until REMOVE_EDIT_RIGHT begins. */
  readonly cancel?: "accepted" | "too-late";
  /** guess: what a cancelled migration becomes. ABORTED unless told otherwise. */
  readonly cancelEnd?: "ABORTED" | "RECOVERED";
}
