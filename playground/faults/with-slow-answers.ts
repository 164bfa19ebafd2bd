import { setTimeout as sleep } from "node:timers/promises";
import type { Provider } from "../../src/core/ports/provider.ts";

/** A provider that takes its time for what it must ask its servers: lists, an add-on as it is, preflight. */
export function withSlowAnswers(provider: Provider, delayMs: number): Provider {
  if (delayMs === 0) return provider;
  const after = async <T>(ask: () => Promise<T>): Promise<T> => {
    await sleep(delayMs);
    return ask();
  };
  return {
    ...provider,
    listAddons: (signal) => after(() => provider.listAddons(signal)),
    getAddon: (addonId, signal) => after(() => provider.getAddon(addonId, signal)),
    preflight: (addon, target, signal) => after(() => provider.preflight(addon, target, signal)),
  };
}
