import type { FenceHold } from "../../core/ports/engine.ts";

/** The fences that this process holds, by migration. They die with the process; the source then undoes the hard layer. */
export interface FenceHolds {
  /** The hold, when it is still alive. */
  alive(migrationId: string): FenceHold | undefined;
  keep(migrationId: string, hold: FenceHold): void;
  /** Lets go of the hard layer; does nothing when this process holds none. */
  release(migrationId: string): Promise<void>;
  releaseAll(): Promise<void>;
}

/** Makes an empty registry. */
export function createFenceHolds(): FenceHolds {
  const holds = new Map<string, FenceHold>();
  const release = async (migrationId: string) => {
    const hold = holds.get(migrationId);
    holds.delete(migrationId);
    await hold?.release();
  };
  return {
    alive(migrationId) {
      const hold = holds.get(migrationId);
      return hold?.isAlive() ? hold : undefined;
    },
    keep(migrationId, hold) {
      holds.set(migrationId, hold);
    },
    release,
    async releaseAll() {
      await Promise.allSettled([...holds.keys()].map(release));
    },
  };
}
