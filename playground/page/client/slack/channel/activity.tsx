import type { VNode } from "preact";
import { Avatar } from "../../draw/avatar.tsx";
import { useActions, useDirectory } from "../../store/context.ts";
import { dayAndTime } from "../../text/format-date.ts";
import type { SlackState } from "../store/slack-state.ts";
import { dateOf } from "../store/timeline.ts";
import { placeOfMessage } from "../store/unread.ts";
import { Mrkdwn } from "../text/text-object.tsx";

type Call = SlackState["slack"]["notifications"][number];

/** Who called the person, newest first. */
export function Activity({ state }: { state: SlackState }): VNode {
  const calls = state.slack.notifications.filter(({ userId }) => userId === state.actingAs).toReversed();
  return (
    <main class="place" aria-label="Activity">
      <header class="place-header">
        <h1 class="place-title">Activity</h1>
      </header>
      <div class="activity">
        {calls.length === 0 && <p class="empty">Nobody has mentioned you yet.</p>}
        {calls.map((call) => (
          <CallLine key={call.ts} call={call} state={state} />
        ))}
      </div>
    </main>
  );
}

function CallLine({ call, state }: { call: Call; state: SlackState }): VNode {
  const { dispatch } = useActions();
  const { channels } = useDirectory();
  const message = placeOfMessage(state.slack, call);
  const where = `${message?.threadTs === undefined ? "" : "thread in "}#${channels.get(call.channelId)?.name ?? ""}`;
  return (
    <button
      type="button"
      class="activity-line"
      onClick={() => dispatch({ type: "open-message", channelId: call.channelId, id: call.ts })}
    >
      <Avatar userId={message?.userId ?? ""} />
      <span class="activity-text">
        <span class="activity-where">
          {causes[call.cause]} in {where} · {dayAndTime(dateOf(call.ts), { now: new Date() })}
        </span>
        <Mrkdwn text={call.text} />
      </span>
    </button>
  );
}

const causes: Readonly<Record<Call["cause"], string>> = {
  user: "Mention of you",
  usergroup: "Mention of your group",
  broadcast: "Mention of everyone",
};
