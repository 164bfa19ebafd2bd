/** Rows of one table that a return to the old database would lose. Counts are exact. */
export interface TableLoss {
  /** Schema and name, as outside wrote them. */
  readonly table: string;
  /** Rows of the new database that were inserted or changed since the switch. */
  readonly written: number;
  /** Rows of the old database that were changed or deleted in the new one since. */
  readonly replaced: number;
}

/** What a return to an old database loses: what was written to the new one since the switch. */
export interface Loss {
  /** ISO time of the switch; null when it was not noted. */
  readonly since: string | null;
  /** ISO time at which it was counted; what is written later is lost too. */
  readonly countedAt: string;
  readonly written: number;
  readonly replaced: number;
  /** The tables with the most, at most 20. */
  readonly tables: readonly TableLoss[];
  /** Whole sentence for each thing that could not be told. */
  readonly notTold: readonly string[];
  /** True where the old database follows the new one, so that a return carries over what was written since. */
  readonly carriedOver?: true;
}

/** Whether a return was confirmed as one that loses nothing. */
export function isCarriedOver(loss: Loss | undefined): boolean {
  return loss?.carriedOver === true;
}

/** Whether nothing was found that would be lost. */
export function isNothingLost({ written, replaced }: Loss): boolean {
  return written === 0 && replaced === 0;
}
