import type { AddonConfig } from "./config.ts";
import type { Fleet } from "./fleet.ts";
import { findServer } from "./location.ts";

/** Records every add-on of godwit.yaml that was never seen before; the others stay where the store says. */
async function adoptAddons(fleet: Fleet): Promise<void> {
  for (const addon of fleet.config.addons) await adopt(fleet, addon);
}

/** Makes a function that adopts once, and again when it went wrong. */
export function adoptOnce(fleet: Fleet): () => Promise<void> {
  let adopted: Promise<void> | undefined;
  return () => {
    adopted ??= adoptAddons(fleet).catch((error: unknown) => {
      adopted = undefined;
      throw error;
    });
    return adopted;
  };
}

async function adopt(fleet: Fleet, addon: AddonConfig): Promise<void> {
  const providerName = fleet.config.name;
  const record = {
    id: addon.id,
    providerName,
    name: addon.name,
    engine: findServer(fleet, addon.server).engine,
    serverId: addon.server,
    planId: addon.plan,
    database: addon.database,
    username: addon.user,
    secretRef: `adopted:${providerName}:${addon.id}`,
    applications: addon.applications,
  };
  await fleet.store.adopt(record, addon.password);
}
