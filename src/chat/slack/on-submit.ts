import type { AckFn, ViewOutput, ViewResponseAction } from "@slack/bolt";
import type { SubmitAnswer } from "../../core/form.ts";
import type { Migration } from "../../core/migration.ts";
import { guarded } from "../interactions/guarded.ts";
import { within } from "../interactions/within.ts";
import { type Message, paragraph } from "../message.ts";
import { channelRefusedText, FORM_WORDS, postedText } from "../present/form.ts";
import { presentRefusal, refusalText } from "../present/refusal.ts";
import { plainText } from "../render-plain.ts";
import type { ModalView } from "./blocks.ts";
import { channelProblem } from "./errors.ts";
import { againView, textView } from "./form.ts";
import { enteredFields, enteredSelection, type FormContext, readContext } from "./form-context.ts";
import type { PayloadUser } from "./members.ts";
import { renderOptions } from "./render-options.ts";
import { replyEphemeral } from "./reply.ts";
import type { SlackSession } from "./session.ts";

/** How long a refusal may take and still stand at its field; far inside the second an acknowledgement has. */
const AT_FIELD_MS = 700;
const ROOT_MS = 15_000;

interface SubmittedForm {
  readonly user: PayloadUser;
  readonly view: ViewOutput;
}

/** The form was submitted: a quick refusal stands at its field, everything else shows in the modal as it comes. */
export async function onSubmit(
  session: SlackSession,
  form: SubmittedForm,
  ack: AckFn<ViewResponseAction>,
): Promise<void> {
  const answer = submit(session, form);
  const early = await within(answer, { ms: AT_FIELD_MS, clock: session.clock }).catch(() => undefined);
  const errors = early?.kind === "refused" ? fieldErrors(form.view, early) : null;
  if (errors !== null) return ack({ response_action: "errors", errors });
  await ack({ response_action: "update", view: viewWhile(session, form, early) });
  await showOutcome(session, form, answer);
}

/** Submits what the modal remembers once more, after the channel refused the plan. */
export async function submitAgain(session: SlackSession, form: SubmittedForm): Promise<void> {
  const answer = submit(session, form);
  answer.catch(() => undefined);
  await session.views.replace(form.view.id, viewWhile(session, form, undefined)).catch(() => undefined);
  await showOutcome(session, form, answer);
}

async function submit(session: SlackSession, { user, view }: SubmittedForm): Promise<SubmitAnswer> {
  const context = readContext(view);
  const member = await session.members.member(user);
  const place = { platform: "slack", workspace: session.home.teamId, channel: context.channel } as const;
  const selection = selectionOf(view, context);
  return session.inbound.submit({ deliveryId: `${view.id}:${view.hash}`, member, place, selection });
}

async function showOutcome(
  session: SlackSession,
  form: SubmittedForm,
  answer: Promise<SubmitAnswer>,
): Promise<void> {
  const context = readContext(form.view);
  const tell = (message: Message): Promise<void> =>
    show(session, form, { message, view: textView(context, message.parts, renderOptions(session)) });
  const work = async (): Promise<void> => {
    const settled = await answer;
    if (settled.kind === "refused") return tell(presentRefusal(settled.refusal));
    await showDelivery(session, form, settled.migration);
  };
  await guarded(session, { interaction: "submit", userId: form.user.id }, { work, tell });
}

async function showDelivery(session: SlackSession, form: SubmittedForm, migration: Migration): Promise<void> {
  const options = renderOptions(session);
  const context = { ...readContext(form.view), selection: selectionOf(form.view, readContext(form.view)) };
  const delivery = await session.inbound.rootDelivery(migration.id, ROOT_MS);
  switch (delivery.kind) {
    case "sent": {
      const link = delivery.link ?? (await session.linkOf(migration.id));
      const text = postedText(context.channel, link);
      return show(session, form, { view: textView(context, [paragraph(...text)], options) });
    }
    case "waiting":
      return show(session, form, { view: textView(context, [paragraph(FORM_WORDS.waiting)], options) });
    case "refused": {
      const text = channelRefusedText(channelProblem(delivery.code));
      const message = { summary: plainText(text), parts: [paragraph(...text)] };
      return show(session, form, { message, view: againView(context, message.parts, options) });
    }
  }
}

/** Shows how it ended in the modal; where that is closed, tells what must be known in the channel, to them alone. */
async function show(
  session: SlackSession,
  form: SubmittedForm,
  end: { readonly view: ModalView; readonly message?: Message },
): Promise<void> {
  const outcome = await session.views.replace(form.view.id, end.view);
  if (outcome === "updated" || end.message === undefined) return;
  const { channel, responseUrl } = readContext(form.view);
  const target = { channel, responseUrl, userId: form.user.id };
  const { clients, config } = session;
  await replyEphemeral(target, end.message, {
    ...renderOptions(session),
    client: clients.interactive,
    apiUrl: config.apiUrl,
  });
}

function viewWhile(session: SlackSession, form: SubmittedForm, early: SubmitAnswer | undefined): ModalView {
  const context: FormContext = {
    ...readContext(form.view),
    selection: selectionOf(form.view, readContext(form.view)),
  };
  if (early?.kind === "refused")
    return textView(context, presentRefusal(early.refusal).parts, renderOptions(session));
  const words = early === undefined ? FORM_WORDS.checking : FORM_WORDS.posting;
  return textView(context, [paragraph(words)], renderOptions(session));
}

/** What was entered, on top of what the modal remembers (all of it, when there is no input left to read). */
function selectionOf(view: ViewOutput, context: FormContext): FormContext["selection"] {
  return { ...context.selection, ...enteredSelection(view) };
}

/** Slack takes errors only at input blocks of the open view; null when the refusal has no field there. */
function fieldErrors(
  view: ViewOutput,
  answer: Extract<SubmitAnswer, { readonly kind: "refused" }>,
): Record<string, string> | null {
  const { field } = answer.refusal;
  const blockId = field === undefined ? undefined : enteredFields(view).get(field)?.blockId;
  return blockId === undefined ? null : { [blockId]: refusalText(answer.refusal) };
}
