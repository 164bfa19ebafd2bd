import { configSchema } from "./config.ts";
import { createCleverCloudProvider } from "./create-clever-cloud-provider.ts";

export type { CleverCloudConfig } from "./config.ts";

/** An organisation at Clever Cloud, whose platform moves the data itself. */
export const cleverCloud = { configSchema, create: createCleverCloudProvider } as const;
