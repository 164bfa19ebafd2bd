import { LocalCleverCloud } from "./local-clever-cloud.ts";
import { listen } from "./server/listen.ts";
import type { LocalCleverCloudOptions } from "./settings.ts";
import { World } from "./world.ts";

/** Starts a Clever Cloud API of our own on 127.0.0.1, the API host and the bridge host. Close it when done. */
export async function startLocalCleverCloud(
  options: LocalCleverCloudOptions = {},
): Promise<LocalCleverCloud> {
  const world = new World(options);
  const servers = await listen(world, { api: options.port ?? 0, bridge: options.bridgePort ?? 0 });
  return new LocalCleverCloud(world, servers);
}
