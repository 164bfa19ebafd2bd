import type { PersonError } from "../model.ts";
import type { World } from "../world.ts";
import { requireSight, requireUse } from "./check-use.ts";
import { commandData } from "./command-data.ts";
import { deliver } from "./deliver.ts";
import { parseCommand, type TypedCommand, type TypedValue } from "./parse-command.ts";

export interface CommandReply {
  readonly acked: boolean;
  readonly ms: number;
  /** What the app answered, when its first response was a message. */
  readonly text?: string;
  /** What the person saw instead of an answer. */
  readonly error?: PersonError["error"];
}

export interface Typed {
  readonly userId: string;
  readonly channelId: string;
  readonly text: string;
  /** Options by name, in place of typed ones. */
  readonly options?: Readonly<Record<string, TypedValue>> | undefined;
}

/**
 * Types a slash command; resolves when the app answered or three seconds passed.
 * @throws Error when the client would not send it
 */
export async function sendCommand(world: World, typed: Typed): Promise<CommandReply> {
  const { parsed, channelId } = readCommand(world, typed);
  const missing = parsed.options.find((option) => option.required === true && !parsed.values.get(option));
  if (missing) throw new Error(`"/${parsed.name}" needs the option "${missing.name}"`);
  const { ack } = await deliver(world, {
    kind: "command",
    userId: typed.userId,
    channelId,
    commandName: parsed.name,
    customId: null,
    data: commandData(world, parsed),
  });
  if (!ack.acked) return { acked: false, ms: ack.ms, error: ack.error };
  return { acked: true, ms: ack.ms, ...(ack.text === undefined ? {} : { text: ack.text }) };
}

/** The command as typed, once the person may use it where they are. */
export function readCommand(world: World, typed: Typed): { parsed: TypedCommand; channelId: string } {
  const channel = requireSight(world, typed.userId, typed.channelId);
  const parsed = parseCommand((name) => world.commands.find(name), typed.text, typed.options);
  requireUse(world, parsed.command, { person: world.directory.findUser(typed.userId), channel });
  return { parsed, channelId: channel.id };
}
