import { channelWire } from "../api/channel-wire.ts";
import { roleWire } from "../api/guild-wire.ts";
import { memberWire, userWire } from "../api/person-wire.ts";
import type { CommandOption, Json } from "../model.ts";
import type { World } from "../world.ts";

/** "Discord, Application Command Option Type". */
export const optionTypes = {
  string: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  role: 8,
  mentionable: 9,
  number: 10,
} as const;

/** What goes over the wire for a typed value. @throws Error when the client would not take it */
export function optionValue(world: World, option: CommandOption, typed: string): string | number | boolean {
  if (option.choices && option.choices.length > 0) return chosen(option, typed);
  switch (option.type) {
    case optionTypes.string:
      return lengthy(option, typed);
    case optionTypes.integer:
    case optionTypes.number:
      return numeric(option, typed);
    case optionTypes.boolean:
      if (typed === "true" || typed === "false") return typed === "true";
      throw new Error(`"${option.name}" is true or false, not "${typed}"`);
    case optionTypes.user:
      return world.directory.findUser(typed).id;
    case optionTypes.channel:
      return world.directory.findChannel(typed).id;
    case optionTypes.role:
      return world.directory.findRole(typed).id;
    default:
      throw new Error(`"${option.name}" is of type ${option.type}, which nobody types here`);
  }
}

function chosen({ name, choices = [] }: CommandOption, typed: string): string | number {
  const found = choices.find((choice) => choice.name === typed || String(choice.value) === typed);
  if (found) return found.value;
  const list = choices.map((choice) => choice.name).join(", ");
  throw new Error(`"${name}" does not offer "${typed}". It offers: ${list}`);
}

function lengthy({ name, min_length = 0, max_length = 6000 }: CommandOption, typed: string): string {
  if (typed.length >= min_length && typed.length <= max_length) return typed;
  throw new Error(`"${name}" takes ${min_length} to ${max_length} characters`);
}

function numeric(option: CommandOption, typed: string): number {
  const value = Number(typed);
  const isWhole = option.type !== optionTypes.integer || Number.isInteger(value);
  const isInside = value >= (option.min_value ?? -(2 ** 53)) && value <= (option.max_value ?? 2 ** 53);
  if (typed !== "" && isWhole && isInside) return value;
  throw new Error(`"${option.name}" does not take "${typed}"`);
}

/** The objects behind ids in options and selects ("Discord, Resolved Data Structure"). */
export function resolveIds(world: World, ids: readonly string[]): Json {
  const { users, roles, channels } = world.directory;
  const people = ids.flatMap((id) => users.get(id) ?? []);
  const named = {
    users: Object.fromEntries(people.map((person) => [person.id, userWire(person)])),
    members: Object.fromEntries(
      people.filter(({ isMember }) => isMember).map((person) => [person.id, memberWire(person)]),
    ),
    roles: Object.fromEntries(
      ids.flatMap((id) => roles.get(id) ?? []).map((role) => [role.id, roleWire(role)]),
    ),
    channels: Object.fromEntries(
      ids.flatMap((id) => channels.get(id) ?? []).map((channel) => [channel.id, channelWire(world, channel)]),
    ),
  };
  return Object.fromEntries(Object.entries(named).filter(([, found]) => Object.keys(found).length > 0));
}
