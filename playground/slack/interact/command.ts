import type { Json } from "../model.ts";
import { Refusal } from "../refusal.ts";
import { respond } from "../server/serve-response-url.ts";
import { deliver } from "../transport/deliver.ts";
import type { World } from "../world.ts";
import { channelLabel } from "./payload.ts";

export interface CommandReply {
  readonly acked: boolean;
  readonly ms: number;
  /** What the app answered in its acknowledgement, if it did. */
  readonly text?: string;
  /** What the person saw instead of an acknowledgement. */
  readonly error?: string;
}

/** Types a slash command; resolves when the app acknowledged it or three seconds passed. */
export async function sendCommand(
  world: World,
  typed: { userId: string; channelId: string; text: string },
): Promise<CommandReply> {
  const person = world.directory.findUser(typed.userId);
  const channel = world.directory.findChannel(typed.channelId);
  if (!channel.members.includes(person.id)) throw new Error(`${person.name} is not in #${channel.name}`);
  if (!typed.text.startsWith("/")) throw new Error(`a slash command begins with "/": ${typed.text}`);
  const [command = "", ...words] = typed.text.split(" ");
  const target = { userId: person.id, channelId: channel.id };
  const payload = {
    token: "local-verification-token",
    team_id: world.settings.teamId,
    team_domain: world.settings.teamDomain,
    channel_id: channel.id,
    channel_name: channelLabel(channel),
    user_id: person.id,
    user_name: person.name,
    command,
    text: words.join(" "),
    api_app_id: world.settings.appId,
    is_enterprise_install: "false",
    response_url: world.responseUrls.issue(target),
    trigger_id: world.triggers.issue(person.id),
  };
  const ack = await deliver(world, { kind: "command", envelope: "slash_commands", payload }, person.id);
  if (!ack.acked) return { acked: false, ms: ack.ms, error: ack.error };
  const text = honourReply(world, target, ack.body);
  return { acked: true, ms: ack.ms, ...(text === undefined ? {} : { text }) };
}

/** An acknowledgement with content is a message to the person, as through response_url. */
function honourReply(
  world: World,
  target: { userId: string; channelId: string },
  body: unknown,
): string | undefined {
  const reply: Json = typeof body === "string" ? { text: body } : ((body ?? {}) as Json);
  if (reply.text === undefined && reply.blocks === undefined) return undefined;
  try {
    respond(world, target, reply);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  return typeof reply.text === "string" ? reply.text : "";
}
