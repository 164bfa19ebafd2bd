import { guarded } from "../interactions/guarded.ts";
import { type Part, paragraph } from "../message.ts";
import { presentAnswer } from "../present/answer.ts";
import type { HomeView } from "./blocks.ts";
import { renderParts } from "./render.ts";
import { renderOptions } from "./render-options.ts";
import type { SlackSession } from "./session.ts";

const SECTIONS = ["status", "history", "help"] as const;

/** Someone opened the app's home tab: shows what runs, what ran, and how to start. */
export async function onHomeOpened(
  session: SlackSession,
  home: { readonly userId: string; readonly channel: string },
): Promise<void> {
  const publish = (parts: readonly Part[]): Promise<unknown> =>
    session.clients.interactive.views.publish({ user_id: home.userId, view: homeView(session, parts) });
  const work = async (): Promise<void> => {
    const member = await session.members.member({ id: home.userId, name: home.userId });
    const place = { platform: "slack", workspace: session.home.teamId, channel: home.channel } as const;
    const answers = await Promise.all(
      SECTIONS.map((name) => session.inbound.command({ member, place, name, options: {} })),
    );
    const refusal = answers.find((answer) => answer.kind === "refused");
    const shown = refusal === undefined ? answers : [refusal];
    await publish(shown.flatMap((answer) => presentAnswer(answer, session.clock.now()).parts));
  };
  await guarded(
    session,
    { interaction: "open home", userId: home.userId },
    { work, tell: (message) => publish(message.parts) },
  );
}

function homeView(session: SlackSession, parts: readonly Part[]): HomeView {
  const hint = paragraph("Type /db migrate in a channel to migrate a database.");
  return { type: "home", blocks: renderParts([...parts, hint], renderOptions(session)) };
}
