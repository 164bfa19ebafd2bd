import type { CommandOption, Json } from "../model.ts";
import type { World } from "../world.ts";
import { optionTypes, optionValue, resolveIds } from "./option-value.ts";
import type { TypedCommand } from "./parse-command.ts";

const entityTypes: ReadonlySet<number> = new Set([
  optionTypes.user,
  optionTypes.channel,
  optionTypes.role,
  optionTypes.mentionable,
]);

/** `data` of a command or of its autocomplete; the option being typed is `focused` ("Discord, Interaction Data"). */
export function commandData(world: World, typed: TypedCommand, focused?: CommandOption): Json {
  const options = [...typed.values].map(([option, text]) => ({
    type: option.type,
    name: option.name,
    value: option === focused ? text : optionValue(world, option, text),
    ...(option === focused ? { focused: true } : {}),
  }));
  const ids = options.filter(({ type }) => entityTypes.has(type)).map(({ value }) => String(value));
  const { command } = typed;
  return {
    id: command.id,
    name: command.name,
    type: command.type,
    ...(command.guildId === null ? {} : { guild_id: command.guildId }),
    options: nest(typed.path, options),
    ...(ids.length === 0 ? {} : { resolved: resolveIds(world, ids) }),
  };
}

function nest(path: readonly CommandOption[], options: readonly Json[]): readonly Json[] {
  const [outer, ...inner] = path;
  if (!outer) return options;
  return [{ type: outer.type, name: outer.name, options: nest(inner, options) }];
}
