import { guarded } from "../interactions/guarded.ts";
import type { PressedButton } from "../interactions/pressed-button.ts";
import type { Message } from "../message.ts";
import { presentAnswer } from "../present/answer.ts";
import type { Interaction } from "./interaction.ts";
import { memberOf, placeOf } from "./members.ts";
import type { Reply } from "./reply.ts";
import type { DiscordSession } from "./session.ts";

interface Reasoned {
  readonly interaction: Interaction;
  readonly reply: Reply;
  readonly pressed: PressedButton;
  readonly reason: string;
}

/** What a button asked for was written and sent: the press has its effect now. */
export async function onReason(session: DiscordSession, reasoned: Reasoned): Promise<void> {
  const { interaction, reply, pressed, reason } = reasoned;
  const tell = (message: Message): Promise<void> => reply.tell({ message });
  const work = async (): Promise<void> => {
    if (!(await reply.think())) return;
    const [member, place] = [memberOf(session, interaction), placeOf(interaction)];
    const press = { deliveryId: interaction.id, member, place, ...pressed, reason };
    await tell(presentAnswer(await session.inbound.press(press), session.clock.now()));
  };
  const facts = { interaction: `reason ${pressed.action}`, userId: interaction.user.id };
  await guarded(session, facts, { work, tell });
}
