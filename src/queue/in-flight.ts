/** Counts what is under way, so that one can wait for it. */
export interface InFlight {
  track<T>(work: Promise<T>): Promise<T>;
  /** Resolves when nothing that was tracked is under way. */
  idle(): Promise<void>;
}

export function createInFlight(): InFlight {
  const all = new Set<Promise<unknown>>();
  return {
    async track(work) {
      all.add(work);
      try {
        return await work;
      } finally {
        all.delete(work);
      }
    },
    async idle() {
      await Promise.allSettled(all);
    },
  };
}
