export { describeProvider } from "./describe-provider.ts";
export type { LocalCleverCloud } from "./local-clever-cloud.ts";
export type { Addon, Application, Migration } from "./model.ts";
export type { LocalCleverCloudOptions } from "./settings.ts";
export { startLocalCleverCloud } from "./start-local-clever-cloud.ts";
