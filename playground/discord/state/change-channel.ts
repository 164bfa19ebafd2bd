import { channelWire } from "../api/channel-wire.ts";
import { intents } from "../gateway/intents.ts";
import type { Channel } from "../model.ts";
import type { World } from "../world.ts";

type ChannelEvent = "created" | "updated" | "deleted";

const events: Record<ChannelEvent, string> = { created: "CREATE", updated: "UPDATE", deleted: "DELETE" };

/** Tells screens and the app that a channel or thread came, changed or went. */
export function announceChannel(world: World, channel: Channel, event: ChannelEvent): void {
  world.feed.emit({ kind: `channel-${event}`, channel });
  if (channel.kind === "dm" || !channel.hasBot) return;
  const subject = channel.thread ? "THREAD" : "CHANNEL";
  world.gateway.dispatch(`${subject}_${events[event]}`, channelWire(world, channel), intents.guilds);
}

/** The app hears of a channel that it sees from now on as of a new one, and of one it lost as of a deleted one. */
export function setBotPresence(world: World, channel: Channel, hasBot: boolean): void {
  if (channel.hasBot === hasBot) return;
  world.feed.emit({ kind: "channel-updated", channel });
  channel.hasBot = hasBot;
  const event = hasBot ? "CHANNEL_CREATE" : "CHANNEL_DELETE";
  if (channel.kind !== "dm") world.gateway.dispatch(event, channelWire(world, channel), intents.guilds);
}
