import type { ViewSubmitAction } from "@slack/bolt";
import { guarded } from "../interactions/guarded.ts";
import type { Message } from "../message.ts";
import { needsWords, presentAnswer } from "../present/answer.ts";
import { readReason } from "./ask-reason.ts";
import { renderOptions } from "./render-options.ts";
import { replyEphemeral } from "./reply.ts";
import type { SlackSession } from "./session.ts";

/** What a button asked for was written and sent: the press has its effect now. */
export async function onReason(session: SlackSession, { user, view }: ViewSubmitAction): Promise<void> {
  const { pressed, channel, threadTs, reason } = readReason(view);
  const { clients, config } = session;
  const target = { responseUrl: null, channel, userId: user.id, threadTs: threadTs ?? undefined };
  const tell = (message: Message): Promise<void> =>
    replyEphemeral(target, message, {
      ...renderOptions(session),
      client: clients.interactive,
      apiUrl: config.apiUrl,
    });
  const work = async (): Promise<void> => {
    const member = await session.members.member({ id: user.id, name: user.name, teamId: user.team_id });
    const place = { platform: "slack", workspace: session.home.teamId, channel } as const;
    // A modal is sent once: its ID names the press.
    const answer = await session.inbound.press({ deliveryId: view.id, member, place, ...pressed, reason });
    if (needsWords(answer)) await tell(presentAnswer(answer, session.clock.now()));
  };
  await guarded(session, { interaction: `reason ${pressed.action}`, userId: user.id }, { work, tell });
}
