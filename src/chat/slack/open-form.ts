import type { SlashCommand } from "@slack/bolt";
import type { Answer } from "../../core/answer.ts";
import type { FormAnswer } from "../../core/form.ts";
import type { Member } from "../../core/member.ts";
import type { Invocation } from "../../core/ports/chat.ts";
import { guarded } from "../interactions/guarded.ts";
import { type Message, paragraph } from "../message.ts";
import { presentAnswer } from "../present/answer.ts";
import { FORM_WORDS } from "../present/form.ts";
import { slackCode } from "./errors.ts";
import { textView } from "./form.ts";
import { formAnswerView } from "./form-answer-view.ts";
import type { FormContext } from "./form-context.ts";
import { renderOptions } from "./render-options.ts";
import type { SlackSession } from "./session.ts";

interface FormRequest {
  readonly command: SlashCommand;
  readonly invoke: () => Promise<Invocation>;
  readonly tell: (message: Message) => Promise<void>;
}

/** Opens an empty form at once, since the trigger lives 3 s, then loads what belongs into it. */
export async function openForm(session: SlackSession, request: FormRequest): Promise<void> {
  const context = contextOf(request.command);
  const view = textView(context, [paragraph(FORM_WORDS.loading)], renderOptions(session));
  const opened = await openView(session, request, view);
  if (opened === null) return;
  const turn = session.views.begin(opened.id, opened.hash);
  const show = (shown: Parameters<typeof session.views.update>[1]) => session.views.update(turn, shown);
  const facts = { interaction: "open form", userId: request.command.user_id };
  await guarded(session, facts, {
    work: async () => {
      const invocation = await request.invoke();
      const answer = await session.inbound.command(invocation);
      await show(await viewOf(session, { answer, member: invocation.member, context }));
    },
    tell: (message) => show(textView(context, message.parts, renderOptions(session))),
  });
}

async function openView(
  session: SlackSession,
  { command, tell }: FormRequest,
  view: Parameters<typeof session.views.update>[1],
) {
  try {
    const { view: opened } = await session.clients.interactive.views.open({
      trigger_id: command.trigger_id,
      view,
    });
    return opened?.id === undefined || opened.hash === undefined
      ? null
      : { id: opened.id, hash: opened.hash };
  } catch (error) {
    if (!TOO_LATE.has(slackCode(error) ?? "")) throw error;
    const text = "Slack took too long to open the form. Run the command again.";
    await tell({ summary: text, parts: [paragraph(text)] });
    return null;
  }
}

const TOO_LATE = new Set(["expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"]);

async function viewOf(
  session: SlackSession,
  { answer, member, context }: { answer: Answer; member: Member; context: FormContext },
) {
  if (answer.kind !== "open-form") {
    return textView(context, presentAnswer(answer, session.clock.now()).parts, renderOptions(session));
  }
  const { selection } = answer;
  if (selection.addonId === undefined) session.suggestions.prefetch(member.id, () => Promise.resolve(member));
  const form: FormAnswer = await session.inbound.form(member, selection);
  return formAnswerView(form, { ...context, selection }, renderOptions(session));
}

function contextOf(command: SlashCommand): FormContext {
  return { channel: command.channel_id, responseUrl: command.response_url, revision: 0, selection: {} };
}
