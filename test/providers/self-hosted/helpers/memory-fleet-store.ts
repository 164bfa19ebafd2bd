import type {
  FleetAddon,
  FleetStore,
  Measurement,
  RetiredDatabase,
} from "../../../../src/core/ports/fleet.ts";
import type { Secret } from "../../../../src/core/secret.ts";
import type { AddonRelocation, JsonObject } from "../../../../src/core/step.ts";

/** The fleet's records in memory, with the pivot that the real store writes in one transaction. */
export interface MemoryFleetStore extends FleetStore {
  readonly records: Map<string, FleetAddon>;
  readonly secrets: Map<string, Secret>;
  readonly outputs: Map<string, JsonObject>;
  readonly past: Measurement[];
  readonly retirements: RetiredDatabase[];
  /** Migrations whose old database follows. */
  readonly follows: Map<string, RetiredDatabase>;
  /** Migrations whose old database a living migration returns to. */
  readonly held: Set<string>;
  passPivot(migrationId: string, change: AddonRelocation): void;
}

export function createMemoryFleetStore(now: () => Date): MemoryFleetStore {
  const store: MemoryFleetStore = {
    records: new Map(),
    secrets: new Map(),
    outputs: new Map(),
    past: [],
    retirements: [],
    follows: new Map(),
    held: new Set(),
    async adopt(addon, password) {
      if (store.records.has(addon.id)) return;
      store.records.set(addon.id, addon);
      store.secrets.set(addon.secretRef, password);
    },
    addons: async (provider) =>
      [...store.records.values()].filter(({ providerName }) => providerName === provider),
    addon: async (_, id) => store.records.get(id),
    async putSecret(ref, value) {
      store.secrets.set(ref, value);
    },
    secret: async (ref) => store.secrets.get(ref),
    async deleteSecret(ref) {
      store.secrets.delete(ref);
    },
    retired: async () => store.retirements,
    async markAnnounced(id) {
      const isFirst = store.retirements.find(({ migrationId }) => migrationId === id)?.announcedAt === null;
      if (isFirst) patch(store.retirements, id, { announcedAt: now() });
      return isFirst;
    },
    async holdRetired(id) {
      store.held.add(id);
      return store.retirements.some(({ migrationId }) => migrationId === id);
    },
    async beginFollowing(id) {
      const retired = store.retirements.find(({ migrationId }) => migrationId === id);
      if (retired) store.follows.set(id, retired);
    },
    following: async () =>
      [...store.follows.values()].filter(({ migrationId }) => !store.held.has(migrationId)),
    endFollowing: async (id) => store.follows.delete(id),
    claimDrop: async (id) => store.retirements.some(({ migrationId }) => migrationId === id),
    async removeRetired(id) {
      const index = store.retirements.findIndex(({ migrationId }) => migrationId === id);
      if (index !== -1) store.retirements.splice(index, 1);
      return index !== -1;
    },
    stepOutput: async (migrationId, step) => store.outputs.get(`${migrationId}:${step}`),
    measurements: async () => store.past,
    passPivot(migrationId, { addonId, retireOldAt, ...place }) {
      const record = store.records.get(addonId);
      if (!record) throw new Error(`no add-on ${addonId}`);
      const { providerName, serverId, database, username } = record;
      const old = { migrationId, addonId, providerName, serverId, database, username };
      const isThere = (old: RetiredDatabase) =>
        old.serverId === place.serverId && old.database === place.database;
      const index = store.retirements.findIndex(isThere);
      if (index !== -1) store.retirements.splice(index, 1);
      store.retirements.push({ ...old, dropAt: retireOldAt, announcedAt: null });
      store.records.set(addonId, { ...record, ...place });
    },
  };
  return store;
}

function patch(list: RetiredDatabase[], id: string, change: Partial<RetiredDatabase>): void {
  const index = list.findIndex(({ migrationId }) => migrationId === id);
  const before = list[index];
  if (before) list[index] = { ...before, ...change };
}
