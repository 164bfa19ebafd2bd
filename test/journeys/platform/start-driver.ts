import type { ChatDriver, Platform } from "./chat-driver.ts";
import { startDiscordDriver } from "./discord-driver.ts";
import { startSlackDriver } from "./slack-driver.ts";

/** How long people wait for something to appear; the machine may be busy. */
const WAIT_TIMEOUT_MS = 30_000;

const START: Readonly<Record<Platform, (waitTimeoutMs: number) => Promise<ChatDriver>>> = {
  Slack: startSlackDriver,
  Discord: startDiscordDriver,
};

/** Starts a local platform with people in it. */
export function startDriver(platform: Platform): Promise<ChatDriver> {
  return START[platform](WAIT_TIMEOUT_MS);
}
