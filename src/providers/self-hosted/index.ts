import { configSchema } from "./config.ts";
import { createSelfHostedProvider } from "./create-self-hosted-provider.ts";

export type { SelfHostedConfig } from "./config.ts";

/** A fleet of database servers that Godwit administers itself. */
export const selfHosted = { configSchema, create: createSelfHostedProvider } as const;
