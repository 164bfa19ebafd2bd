import type { Press } from "../../core/ports/chat.ts";
import { guarded } from "../interactions/guarded.ts";
import type { PressedButton } from "../interactions/pressed-button.ts";
import { within } from "../interactions/within.ts";
import { heading, type Message, paragraph } from "../message.ts";
import { needsWords, presentAnswer } from "../present/answer.ts";
import { confirmDialog } from "../present/confirm-dialog.ts";
import { reasonPrompt } from "../present/reason-prompt.ts";
import { presentRefusal } from "../present/refusal.ts";
import { reasonModal } from "./ask-reason.ts";
import type { Of } from "./interaction.ts";
import { memberOf, placeOf } from "./members.ts";
import { type DiscordPress, renderDialogButtons } from "./render-buttons.ts";
import type { Reply } from "./reply.ts";
import type { DiscordSession } from "./session.ts";

/** How long a look at the migration may take before the form opens without it. */
const CONSIDER_MS = 700;
const NOT_YET = "Nothing was done. The button is still there.";

interface Pressing {
  readonly interaction: Of<"press">;
  readonly reply: Reply;
  readonly press: DiscordPress;
}

/** A button was pressed, under a message or in the dialog that asks once more. */
export async function onPress(session: DiscordSession, pressing: Pressing): Promise<void> {
  const { interaction, reply, press } = pressing;
  const facts = { interaction: `${press.way} ${press.pressed.action}`, userId: interaction.user.id };
  const tell = (message: Message): Promise<void> => reply.tell({ message });
  await guarded(session, facts, { work: () => act(session, pressing), tell });
}

async function act(session: DiscordSession, pressing: Pressing): Promise<void> {
  const { reply, press } = pressing;
  switch (press.way) {
    case "ask":
      return ask(session, pressing);
    case "sure":
    case "press":
      if (await askedReason(session, pressing)) return;
      if (await reply.keep()) await carryOut(session, pressing);
      return;
    case "no":
      await reply.replace({ message: { summary: NOT_YET, parts: [paragraph(NOT_YET)] } });
  }
}

/** Opens the form in which the person writes why, unless the button comes too late. False where none is asked. */
async function askedReason(session: DiscordSession, pressing: Pressing): Promise<boolean> {
  const { reply, press } = pressing;
  const prompt = reasonPrompt(press.pressed.action);
  if (prompt === null) return false;
  // A modal must be the first answer, so a store that is slow is not waited for: the press is judged again when it is sent.
  const considering = session.inbound.considerPress(pressOf(session, pressing));
  const considered = await within(considering, { ms: CONSIDER_MS, clock: session.clock });
  if (considered?.kind === "refused") await reply.tell({ message: presentRefusal(considered.refusal) });
  else await reply.open(reasonModal(prompt, press.pressed));
  return true;
}

/** Shows the dialog that other platforms draw by themselves; it is built from the migration as it stands. */
async function ask(session: DiscordSession, pressing: Pressing): Promise<void> {
  const { reply, press } = pressing;
  if (!(await reply.think())) return;
  const considered = await session.inbound.considerPress(pressOf(session, pressing));
  if (considered.kind === "refused") return reply.tell({ message: presentRefusal(considered.refusal) });
  const dialog = confirmDialog(press.pressed.action, considered.migration, considered.redo);
  if (dialog === null) return carryOut(session, pressing);
  const { title, text } = dialog;
  await reply.tell({
    message: { summary: `${title} ${text}`, parts: [heading(title), paragraph(text)] },
    controls: renderDialogButtons(dialog, press.pressed),
  });
}

/** What changes shows in the thread; a dialog still needs words in its place. */
async function carryOut(session: DiscordSession, pressing: Pressing): Promise<void> {
  const { interaction, reply, press } = pressing;
  const deliveryId = interaction.id;
  const answer = await session.inbound.press({ deliveryId, ...pressOf(session, pressing) });
  if (press.way === "press" && !needsWords(answer)) return;
  await reply.tell({ message: presentAnswer(answer, session.clock.now()) });
}

function pressOf(session: DiscordSession, { interaction, press }: Pressing): Omit<Press, "deliveryId"> {
  const pressed: PressedButton = press.pressed;
  return { member: memberOf(session, interaction), place: placeOf(interaction), ...pressed };
}
