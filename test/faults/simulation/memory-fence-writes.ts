import type { StoreTransaction } from "../../../src/core/ports/store.ts";
import { abandonedBuild, type MemoryTables } from "./memory-tables.ts";

/** The writes that concern the fence and the pivot. */
export function fenceWrites(tables: MemoryTables) {
  return {
    async recordFence(fence) {
      const standing = tables.fences.get(fence.migrationId);
      const first = standing?.liftedAt === null ? standing : fence;
      const builders = standing?.builders ?? [];
      tables.fences.set(fence.migrationId, { ...first, builders, liftingAt: null, liftedAt: null });
    },
    async beginBuild(migrationId, builder) {
      const fence = tables.fences.get(migrationId);
      if (fence) tables.fences.set(migrationId, { ...fence, builders: [...fence.builders, builder] });
    },
    async endBuild(migrationId, builder) {
      const fence = tables.fences.get(migrationId);
      const builders = fence?.builders.filter((each) => builder !== undefined && each !== builder) ?? [];
      if (fence) tables.fences.set(migrationId, { ...fence, builders });
    },
    abandonedBuild: async (migrationId, patienceMs) =>
      abandonedBuild(tables.fences.get(migrationId), tables.now() - patienceMs),
    async beginLift(migrationId) {
      const fence = tables.fences.get(migrationId);
      if (fence?.liftingAt === null) tables.fences.set(migrationId, { ...fence, liftingAt: tables.now() });
    },
    async liftFence(migrationId) {
      const fence = tables.fences.get(migrationId);
      if (fence?.liftedAt !== null) return false;
      tables.fences.set(migrationId, { ...fence, liftedAt: tables.now() });
      return true;
    },
    putGate: async (migrationId, gate) => tables.gates.set(migrationId, gate),
    async passPivot(migrationId, change) {
      const found = tables.migrations.get(migrationId);
      if (!found || found.pivotPassed) return;
      tables.migrations.set(migrationId, { ...found, pivotPassed: true });
      tables.relocations.set(change.addonId, change);
    },
  } satisfies Partial<StoreTransaction>;
}
