import { z } from "zod";
import type { Clock } from "../core/ports/clock.ts";
import type { Engine } from "../core/ports/engine.ts";
import type { EngineCapabilities } from "../core/ports/engine-capabilities.ts";
import type { FleetStore } from "../core/ports/fleet.ts";
import type { Log } from "../core/ports/log.ts";
import type { Provider } from "../core/ports/provider.ts";
import { type CleverCloudConfig, cleverCloud } from "./clever-cloud/index.ts";
import { type SelfHostedConfig, selfHosted } from "./self-hosted/index.ts";

/** What every provider may use. */
export interface ProviderDependencies {
  readonly engines: Readonly<Record<string, Engine>>;
  readonly fleet: FleetStore;
  readonly log: Log;
  readonly clock: Clock;
  /** This many unpredictable bytes, for names and passwords. */
  readonly randomBytes: (count: number) => Uint8Array;
}

/** What a provider's configuration schema needs to know besides the value. */
export interface SchemaContext {
  /** Absolute folder that relative paths start from. */
  readonly folder: string;
  /** Engines that exist; undefined means that any name is taken. */
  readonly engines: Readonly<Record<string, EngineCapabilities>> | undefined;
}

/** The configuration of one provider; `kind` tells which. */
export type ProviderConfig = SelfHostedConfig | CleverCloudConfig;

/** Every kind of provider there is: a folder and a line each. */
const modules = { "self-hosted": selfHosted, "clever-cloud": cleverCloud } as const;

/** The `providers` section of godwit.yaml. */
export function providersSchema(context: SchemaContext): z.ZodType<readonly ProviderConfig[]> {
  const options = [
    modules["self-hosted"].configSchema(context),
    modules["clever-cloud"].configSchema(),
  ] as const;
  const kinds = Object.keys(modules).join(", ");
  const provider = z.discriminatedUnion("kind", options, {
    error: ({ code }) =>
      code === "invalid_union" ? `is not a kind of provider; known are ${kinds}` : "is not a provider",
  });
  return z
    .array(provider, { error: "is missing; list at least one provider, as the README shows" })
    .min(1, { error: "is empty; list at least one provider, as the README shows" })
    .superRefine(refuseSameNames, { when: () => true });
}

/** Makes the provider that a configuration describes. */
export function createProvider(config: ProviderConfig, dependencies: ProviderDependencies): Provider {
  switch (config.kind) {
    case "self-hosted":
      return modules["self-hosted"].create(config, dependencies);
    case "clever-cloud":
      return modules["clever-cloud"].create(config, dependencies);
  }
}

/** Runs on what is written, also where an entry is no provider at all. */
function refuseSameNames(
  providers: readonly (ProviderConfig | null)[],
  context: z.core.$RefinementCtx,
): void {
  if (!Array.isArray(providers)) return;
  const names = providers.map((provider) => provider?.name);
  for (const [index, name] of names.entries()) {
    if (name === undefined || names.indexOf(name) === index) continue;
    const message = "is the name of two providers; give each its own";
    context.addIssue({ code: "custom", path: [index, "name"], message, input: name });
  }
}
