import type { Addon } from "../model.ts";
import { refuse } from "../refusal.ts";
import { addonDetailsWire, addonWire, envOf } from "./addon-wire.ts";
import { applicationWire } from "./application-wire.ts";
import { findAddon, findOwner } from "./find.ts";
import type { Answer, Call } from "./operation.ts";
import { isoMillis } from "./times.ts";

const dayMs = 24 * 3600 * 1000;

export function listAddons(call: Call): Answer {
  const ownerId = findOwner(call);
  const addons = call.world.addons.all.filter((addon) => addon.ownerId === ownerId);
  return { status: 200, body: addons.map(addonWire) };
}

export function getAddon(call: Call): Answer {
  return { status: 200, body: addonWire(findAddon(call)) };
}

export function getAddonEnv(call: Call): Answer {
  return { status: 200, body: envOf(findAddon(call)) };
}

export function listLinkedApplications(call: Call): Answer {
  const applications = call.world.linkedApplications(findAddon(call));
  return { status: 200, body: applications.map((application) => applicationWire(call.world, application)) };
}

/** guess: an add-on's virtual machines have the fields of an application's. */
export function listAddonInstances(call: Call): Answer {
  const addon = findAddon(call);
  if (addon.plan.isShared) return { status: 200, body: [] };
  const [, uuid = ""] = addon.access.realId.split("_");
  return { status: 200, body: [{ id: uuid, appId: addon.id, state: "UP", instanceNumber: 0 }] };
}

/** guess: another member's add-on is not found; no owner stands in the path. Materia KV's own shape is not played. */
export function getAddonDetails({ world, params }: Call): Answer {
  const addon = world.addons.all.find(
    ({ id, provider, ownerId }) =>
      id === params.addon && provider.id === params.provider && ownerId === world.settings.ownerId,
  );
  if (!addon || addon.provider.id === "kv") refuse("unknownAddon");
  return { status: 200, body: addonDetailsWire(addon) };
}

/** By real ID. One a night where the plan has backups; guess: a number of seven, and none of the old instance's. */
export function listBackups(call: Call): Answer {
  const ownerId = findOwner(call);
  const addon = call.world.addons.all.find(
    (addon) => addon.ownerId === ownerId && addon.access.realId === call.params.addon,
  );
  const found = addon ?? refuse("unknownAddon");
  if (found.plan.hasBackups !== true) return { status: 200, body: [] };
  const nights = [...Array.from({ length: 7 }).keys()].map((age) => call.world.clock.now() - age * dayMs);
  return { status: 200, body: nights.map((ms) => backupWire(found, ms - (ms % dayMs))) };
}

function backupWire(addon: Addon, createdAtMs: number): unknown {
  const { realId } = addon.access;
  const id = `${realId}-${new Date(createdAtMs).toISOString().slice(0, 10)}`;
  return {
    backup_id: id,
    entity_id: realId,
    status: "CREATED",
    creation_date: isoMillis(createdAtMs),
    delete_at: isoMillis(createdAtMs + 7 * dayMs),
    filename: `${id}.dump`,
    download_url: `https://cellar-c2.services.clever-cloud.com/backups/${id}.dump`,
  };
}
