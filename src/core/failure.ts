/**
 * How a step's failure is treated: `transient` is retried, `permanent` is undone, `unknown` means the
 * effect may have happened (observe again, then treat as permanent), `lost` means another worker owns
 * the migration (stop silently), `cancelled` means that a person asked for it, `stuck` means that nothing can
 * be undone from here (stop and wait for support, also before the pivot).
 */
export type FailureClass = "transient" | "permanent" | "unknown" | "lost" | "cancelled" | "stuck";

/** A failure as stored and shown; holds no secret and no row of anyone's data. */
export interface Failure {
  readonly code: string;
  readonly step: string;
  readonly summary: string;
  readonly remedy: string;
  /** For operators and support: the redacted chain of causes; empty when the summary says all. */
  readonly detail: string;
  /** Set when undoing would be no help: the migration waits for support where it is. */
  readonly stuck?: true;
}

/** Options of a `GodwitError`. */
export interface GodwitErrorOptions {
  /** Stable, kebab-case, such as `target-disk-too-small`. */
  readonly code: string;
  /** Whole sentence for the thread: what happened. */
  readonly summary: string;
  /** Instruction for the thread: what to do next. */
  readonly remedy: string;
  readonly class?: FailureClass;
  readonly cause?: unknown;
}

/** The error thrown for every surprise that a person should understand. */
export class GodwitError extends Error {
  readonly code: string;
  readonly summary: string;
  readonly remedy: string;
  readonly class: FailureClass;

  constructor(options: GodwitErrorOptions) {
    super(`${options.summary} ${options.remedy}`, { cause: options.cause });
    this.name = "GodwitError";
    this.code = options.code;
    this.summary = options.summary;
    this.remedy = options.remedy;
    this.class = options.class ?? "permanent";
  }
}

/** Whether an error may be over a moment later. What nothing has named may be. */
export function mayPass(error: unknown): boolean {
  return !(error instanceof GodwitError) || error.class === "transient" || error.class === "unknown";
}

/** Thrown when another worker has taken the migration: the holder stops at once and writes nothing. */
export class LeaseLost extends GodwitError {
  constructor(migrationId: string) {
    const summary = `Another worker has taken over ${migrationId}.`;
    super({ code: "lease-lost", class: "lost", summary, remedy: "Nothing needs to be done." });
    this.name = "LeaseLost";
  }
}

/**
 * Thrown by a step behind the gate when the switch does not come through: everything since the gate is taken back,
 * writes are open again, and the migration waits at its gate.
 */
export class SwitchReturned extends GodwitError {
  constructor(options: Omit<GodwitErrorOptions, "class">) {
    super({ ...options, class: "transient" });
    this.name = "SwitchReturned";
  }
}

/** Thrown by the store when another live migration holds the add-on; the transaction has changed nothing. */
export class AddonLocked extends GodwitError {
  constructor(cause?: unknown) {
    const summary = "Another migration holds this add-on.";
    super({ code: "addon-locked", summary, remedy: "Follow it with /db status.", cause });
    this.name = "AddonLocked";
  }
}
