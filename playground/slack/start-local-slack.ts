import { LocalSlack } from "./local-slack.ts";
import { listen } from "./server/listen.ts";
import type { LocalSlackOptions } from "./settings.ts";
import { World } from "./world.ts";

/**
 * Starts a Slack of our own on 127.0.0.1 that @slack/bolt, @slack/web-api and @slack/socket-mode talk to unmodified.
 * Close it when done.
 */
export async function startLocalSlack(options: LocalSlackOptions = {}): Promise<LocalSlack> {
  const world = new World(options);
  const server = await listen(world, options.port ?? 0);
  return new LocalSlack(world, server);
}
