import { setTimeout as sleep } from "node:timers/promises";
import type { Provider } from "../../src/core/ports/provider.ts";

/** A provider that takes its time for each question that a person waits for. */
export function withSlowAnswers(provider: Provider, delayMs: number): Provider {
  if (delayMs === 0) return provider;
  const slowly =
    <Args extends unknown[], Result>(ask: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      await sleep(delayMs);
      return ask(...args);
    };
  return {
    ...provider,
    listAddons: slowly(provider.listAddons),
    getAddon: slowly(provider.getAddon),
    options: slowly(provider.options),
    quote: slowly(provider.quote),
    preflight: slowly(provider.preflight),
  };
}
