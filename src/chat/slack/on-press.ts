import type { BlockAction, ButtonAction } from "@slack/bolt";
import type { Press } from "../../core/ports/chat.ts";
import { guarded } from "../interactions/guarded.ts";
import type { PressedButton } from "../interactions/pressed-button.ts";
import type { Message } from "../message.ts";
import { needsWords, presentAnswer } from "../present/answer.ts";
import { type ReasonPrompt, reasonPrompt } from "../present/reason-prompt.ts";
import { presentRefusal } from "../present/refusal.ts";
import { reasonView } from "./ask-reason.ts";
import { readSlackButton } from "./render-buttons.ts";
import { renderOptions } from "./render-options.ts";
import { replyEphemeral } from "./reply.ts";
import type { SlackSession } from "./session.ts";

/** A button under a message was pressed. What changes shows in the thread; only the rest is told to the presser. */
export async function onPress(session: SlackSession, body: BlockAction, action: ButtonAction): Promise<void> {
  const pressed = readSlackButton(action.action_id, action.value ?? "");
  const channel = body.channel?.id ?? stringOf(body.container["channel_id"]);
  if (pressed === null || channel === null)
    return session.log.warn({ actionId: action.action_id }, "unknown button pressed");
  const tell = (message: Message): Promise<void> => tellPresser(session, { body, channel, message });
  const work = async (): Promise<void> => {
    const press = await pressOf(session, { body, action, pressed, channel });
    const prompt = reasonPrompt(pressed.action);
    if (prompt !== null) return askReason(session, { body, press, prompt, tell });
    const answer = await session.inbound.press(press);
    if (needsWords(answer)) await tell(presentAnswer(answer, session.clock.now()));
  };
  await guarded(session, { interaction: `press ${pressed.action}`, userId: body.user.id }, { work, tell });
}

interface Asking {
  readonly body: BlockAction;
  readonly press: Press;
  readonly prompt: ReasonPrompt;
  readonly tell: (message: Message) => Promise<void>;
}

/** Opens the form in which the person writes why, unless the button comes too late. */
async function askReason(session: SlackSession, { body, press, prompt, tell }: Asking): Promise<void> {
  const considered = await session.inbound.considerPress(press);
  if (considered.kind === "refused") return tell(presentRefusal(considered.refusal));
  const { action, migrationId, planHash } = press;
  const threadTs = stringOf(body.message?.["thread_ts"]);
  const context = { pressed: { action, migrationId, planHash }, channel: press.place.channel, threadTs };
  await session.clients.interactive.views.open({
    trigger_id: body.trigger_id,
    view: reasonView(prompt, context, renderOptions(session)),
  });
}

async function pressOf(
  session: SlackSession,
  press: {
    readonly body: BlockAction;
    readonly action: ButtonAction;
    readonly pressed: PressedButton;
    readonly channel: string;
  },
): Promise<Press> {
  const { body, action, pressed, channel } = press;
  const { user } = body;
  const member = await session.members.member({ id: user.id, name: user.username, teamId: user.team_id });
  const place = { platform: "slack", workspace: session.home.teamId, channel } as const;
  const ts = body.message?.ts ?? stringOf(body.container["message_ts"]) ?? "";
  return {
    deliveryId: [channel, ts, action.action_id, user.id, action.action_ts].join(":"),
    member,
    place,
    ...pressed,
  };
}

function tellPresser(
  session: SlackSession,
  told: { readonly body: BlockAction; readonly channel: string; readonly message: Message },
): Promise<void> {
  const { body, channel, message } = told;
  const threadTs = stringOf(body.message?.["thread_ts"]) ?? undefined;
  const target = { responseUrl: body.response_url ?? null, channel, userId: body.user.id, threadTs };
  const { clients, config } = session;
  return replyEphemeral(target, message, {
    ...renderOptions(session),
    client: clients.interactive,
    apiUrl: config.apiUrl,
  });
}

function stringOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
