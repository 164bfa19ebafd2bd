import type { Channel, Person, RegisteredCommand } from "../model.ts";
import { isPermitted, permissions } from "../permissions.ts";
import type { World } from "../world.ts";

/** "Discord, Interaction Context Types": 0 in a guild, 1 with the bot alone. */
const guildContext = 0;
const directContext = 1;

/** The channel a person acts in. @throws Error when they do not see it */
export function requireSight(world: World, userId: string, channelKey: string): Channel {
  const person = world.directory.findUser(userId);
  const channel = world.directory.findChannel(channelKey);
  if (channel.isDeleted) throw new Error(`#${channel.name} was deleted`);
  if (world.directory.membersOf(channel).includes(person.id)) return channel;
  throw new Error(`${person.name} is not in #${channel.name}`);
}

/**
 * Whether the client offers the command here ("Discord, Application Commands": permissions and contexts).
 * @throws Error that says why not
 */
export function requireUse(
  world: World,
  command: RegisteredCommand,
  by: { person: Person; channel: Channel },
): void {
  const { person, channel } = by;
  const isDirect = channel.kind === "dm";
  const context = isDirect ? directContext : guildContext;
  const isOffered = isDirect ? command.guildId === null : true;
  if (!isOffered || (command.guildId === null && !(command.contexts ?? [context]).includes(context))) {
    throw new Error(`"/${command.name}" is not offered in #${channel.name}`);
  }
  const held = world.directory.permissionsOf(person);
  const wanted = command.defaultMemberPermissions;
  const needed = wanted === "0" ? permissions.administrator : BigInt(wanted ?? "0");
  if (isPermitted(held, needed | permissions.useApplicationCommands)) return;
  throw new Error(`${person.name} may not use "/${command.name}"`);
}
