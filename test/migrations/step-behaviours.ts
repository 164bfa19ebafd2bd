import type { AddonRelocation } from "../../src/core/step.ts";

/** Where a scripted switch-over moves the add-on. */
export function relocation(): AddonRelocation {
  return {
    addonId: "addon_orders",
    serverId: "pg18",
    planId: "pg-m",
    database: "orders_new",
    username: "orders_new",
    secretRef: "new",
    retireOldAt: new Date(),
  };
}

/** Work that goes on until it is told to stop. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error("stopped")), { once: true });
  });
}
