import type { Addon, Application } from "../model.ts";
import { refuse } from "../refusal.ts";
import { refuseViolation } from "../report-violation.ts";
import type { Call } from "./operation.ts";

/** guess: an organisation one is no member of answers 403. @throws Refusal */
export function findOwner({ world, params }: Call): string {
  const ownerId = params.owner ?? "";
  if (ownerId !== world.settings.ownerId) refuse("forbidden");
  return ownerId;
}

/** @throws Refusal 404, also for a real ID, which /v2 paths of add-ons do not take (the official client maps it first) */
export function findAddon(call: Call): Addon {
  const ownerId = findOwner(call);
  const addonId = call.params.addon ?? "";
  const addon = call.world.addons.find(ownerId, addonId);
  if (addon) return addon;
  if (addonId.startsWith("addon_")) refuse("unknownAddon");
  return refuseViolation(call.world, {
    where: call.where,
    error: "wrong-id",
    message: `${addonId} is not an add-on ID`,
    refusal: "unknownAddon",
  });
}

/** @throws Refusal 404 */
export function findApplication(call: Call): Application {
  const application = call.world.applications.find(findOwner(call), call.params.app ?? "");
  return application ?? refuse("unknownApplication");
}
