import { PermissionFlagsBits } from "discord.js";
import { bold, type Message, paragraph, type Text } from "../message.ts";
import { nameList } from "../present/wording.ts";
import { plainText } from "../render-plain.ts";
import type { Interaction } from "./interaction.ts";
import { isAtHome } from "./members.ts";

/** What Godwit needs in a channel to post a plan, follow it in a thread and attach a report. */
const NEEDED: readonly { readonly bit: bigint; readonly name: string }[] = [
  { bit: PermissionFlagsBits.ViewChannel, name: "View Channel" },
  { bit: PermissionFlagsBits.SendMessages, name: "Send Messages" },
  { bit: PermissionFlagsBits.CreatePublicThreads, name: "Create Public Threads" },
  { bit: PermissionFlagsBits.SendMessagesInThreads, name: "Send Messages in Threads" },
  { bit: PermissionFlagsBits.ReadMessageHistory, name: "Read Message History" },
  { bit: PermissionFlagsBits.AttachFiles, name: "Attach Files" },
];

/** All of them in one number, as an invitation takes it. */
export const WANTED_PERMISSIONS = NEEDED.reduce((bits, { bit }) => bits | bit, 0n);

/** Names of the permissions that are not among these bits, as Discord's settings write them. */
export function missingFrom(bits: bigint): readonly string[] {
  if ((bits & PermissionFlagsBits.Administrator) !== 0n) return [];
  return NEEDED.filter(({ bit }) => (bits & bit) === 0n).map(({ name }) => name);
}

/** What Godwit may not do in the channel of an interaction and what an admin does about it; null when all is well. */
export function missingPermissions({ appPermissions }: Pick<Interaction, "appPermissions">): Message | null {
  const missing = missingFrom(appPermissions);
  if (missing.length === 0) return null;
  return ofText([
    "Godwit cannot work in this channel yet: it lacks ",
    ...nameList(missing, "bold"),
    ". Nothing was started. A server admin allows it to Godwit's role in ",
    bold("Edit Channel, Permissions"),
    "; then run the command again.",
  ]);
}

/** Why a plan cannot be made where this was asked; null in a server that Godwit serves. */
export function notAtHome(
  { guildId }: Pick<Interaction, "guildId">,
  home: string | undefined,
): Message | null {
  if (isAtHome(guildId, home)) return null;
  if (guildId === null)
    return ofText([
      "Godwit works in the channels of a server, not in direct messages. Run /db migrate there.",
    ]);
  return ofText(["Godwit serves another server, so it does nothing here. Run /db migrate in that one."]);
}

function ofText(text: Text): Message {
  return { summary: plainText(text), parts: [paragraph(...text)] };
}
