/**
 * The doorbell: tells some worker that a migration should be moved on. Losing, doubling or reordering
 * rings never matters, since the store holds the truth and the sweeper rings again.
 */
export interface MigrationQueue {
  /** Rings for a migration, at once or not before `at`. */
  ring(migrationId: string, options?: { readonly at?: Date }): Promise<void>;
  /** Starts to hand rings to `handler`, several at a time. Called once. */
  work(handler: (migrationId: string) => Promise<void>): Promise<void>;
  /** Round trip to the backend; rejects when it cannot be reached. */
  ping(): Promise<void>;
  /** Stops taking rings, waits for running handlers at most `graceMs`, frees all connections. */
  close(graceMs: number): Promise<void>;
}
