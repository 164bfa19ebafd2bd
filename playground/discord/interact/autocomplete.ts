import type { CommandChoice } from "../model.ts";
import type { World } from "../world.ts";
import { commandData } from "./command-data.ts";
import { deliver } from "./deliver.ts";
import { readCommand, type Typed } from "./send-command.ts";

/**
 * Types into an option and gets the app's suggestions; none when it does not answer.
 * @throws Error when the option does not suggest anything
 */
export async function autocomplete(
  world: World,
  typed: Typed & { readonly option: string },
): Promise<readonly CommandChoice[]> {
  const { parsed, channelId } = readCommand(world, typed);
  const option = parsed.options.find(({ name }) => name === typed.option);
  if (!option) throw new Error(`"/${parsed.name}" has no option "${typed.option}"`);
  if (option.autocomplete !== true) throw new Error(`"${option.name}" does not suggest anything`);
  const values = new Map([...parsed.values, [option, parsed.values.get(option) ?? ""]]);
  const { response } = await deliver(world, {
    kind: "autocomplete",
    userId: typed.userId,
    channelId,
    commandName: parsed.name,
    customId: null,
    data: commandData(world, { ...parsed, values }, option),
  });
  return response?.choices ?? [];
}
