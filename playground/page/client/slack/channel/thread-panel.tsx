import type { VNode } from "preact";
import { Icon } from "../../draw/icon.tsx";
import { useActions } from "../../store/context.ts";
import type { MessageKey } from "../../store/ui-state.ts";
import type { SlackState } from "../store/slack-state.ts";
import { threadMessages } from "../store/timeline.ts";
import { Composer } from "./composer.tsx";
import { MessageList } from "./message-list.tsx";

/** A thread beside its channel. */
export function ThreadPanel({ state, thread }: { state: SlackState; thread: MessageKey }): VNode {
  const { dispatch } = useActions();
  const { slack } = state;
  const name = slack.channels.find(({ id }) => id === thread.channelId)?.name ?? "";
  const close = (): void => dispatch({ type: "open-thread", thread: null });
  return (
    <aside class="thread" aria-label="Thread" onKeyDown={(event) => event.key === "Escape" && close()}>
      <header class="place-header">
        <h2 class="place-title">Thread</h2>
        <span class="place-members">#{name}</span>
        <button type="button" class="icon-button" aria-label="Close the thread" onClick={close}>
          <Icon name="close" size={18} />
        </button>
      </header>
      <MessageList
        state={state}
        place={{ channelId: thread.channelId, threadTs: thread.id }}
        messages={threadMessages(slack, { channelId: thread.channelId, ts: thread.id }, state.actingAs)}
      />
      <Composer
        key={`${state.actingAs} ${thread.id}`}
        place={{ channelId: thread.channelId, threadTs: thread.id }}
        placeholder="Reply…"
        commands={state.settings.commands}
      />
    </aside>
  );
}
