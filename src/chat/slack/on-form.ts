import type { BlockSuggestion, ViewOutput } from "@slack/bolt";
import type { Member } from "../../core/member.ts";
import { guarded } from "../interactions/guarded.ts";
import { paragraph } from "../message.ts";
import { FORM_WORDS } from "../present/form.ts";
import type { PlainTextOption } from "./blocks.ts";
import { slackCode } from "./errors.ts";
import { addonOption, textView } from "./form.ts";
import { formAnswerView } from "./form-answer-view.ts";
import { enteredFields, enteredSelection, readContext } from "./form-context.ts";
import type { PayloadUser } from "./members.ts";
import { submitAgain } from "./on-submit.ts";
import { renderOptions } from "./render-options.ts";
import type { SlackSession } from "./session.ts";

const SUGGESTIONS = 100;

/** What an action in the modal carries. */
export interface FormAction {
  readonly user: PayloadUser;
  readonly view: ViewOutput;
}

/** An add-on was chosen, or another plan, version, zone or strategy: works the choice into the form. */
export async function onFormChange(
  session: SlackSession,
  action: FormAction,
  isNewAddon: boolean,
): Promise<void> {
  const { view, user } = action;
  const turn = session.views.begin(view.id, view.hash);
  const options = renderOptions(session);
  const context = readContext(view);
  const work = async (): Promise<void> => {
    if (isNewAddon)
      await session.views.update(turn, textView(context, [paragraph(FORM_WORDS.loading)], options));
    const member = await session.members.member(user);
    const selection = enteredSelection(view);
    const answer = await session.inbound.form(member, selection);
    const entered = enteredFields(view);
    await session.views.update(
      turn,
      formAnswerView(answer, { ...context, selection: { ...selection } }, { ...options, entered }),
    );
  };
  await guarded(
    session,
    { interaction: "form change", userId: user.id },
    {
      work,
      tell: (message) => session.views.update(turn, textView(context, message.parts, options)),
    },
  );
}

/** The channel did not take the plan; the person has invited the bot and tries once more. */
export function onTryAgain(session: SlackSession, action: FormAction): Promise<void> {
  return submitAgain(session, action);
}

/** Add-ons for the select; empty when they come too late. */
export async function suggestAddons(
  session: SlackSession,
  suggestion: BlockSuggestion,
): Promise<PlainTextOption[]> {
  const { id, name, team_id: teamId } = suggestion.user;
  const memberOf = (): Promise<Member> => session.members.member({ id, name, teamId });
  try {
    const addons = await session.suggestions.find(id, suggestion.value, memberOf);
    return addons.slice(0, SUGGESTIONS).flatMap((addon) => addonOption(addon) ?? []);
  } catch (error) {
    session.log.error(
      { interaction: "suggest", userId: id, code: slackCode(error), error },
      "interaction failed",
    );
    return [];
  }
}
