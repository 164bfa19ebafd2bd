import { LocalDiscord } from "./local-discord.ts";
import { listen } from "./server/listen.ts";
import type { LocalDiscordOptions } from "./settings.ts";
import { loadSchemas } from "./validation/load-schemas.ts";
import { World } from "./world.ts";

/**
 * Starts a Discord of our own on 127.0.0.1 that discord.js' Client and REST talk to unmodified. Close it when done.
 */
export async function startLocalDiscord(options: LocalDiscordOptions = {}): Promise<LocalDiscord> {
  await loadSchemas();
  const world = new World(options);
  const server = await listen(world, options.port ?? 0);
  return new LocalDiscord(world, server);
}
