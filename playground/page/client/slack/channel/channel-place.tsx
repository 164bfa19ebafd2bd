import type { VNode } from "preact";
import { Icon } from "../../draw/icon.tsx";
import { useActions } from "../../store/context.ts";
import type { SlackState } from "../store/slack-state.ts";
import { channelMessages, threadSummaries } from "../store/timeline.ts";
import { Composer } from "./composer.tsx";
import { MessageList } from "./message-list.tsx";

/** A channel: its messages, and where one writes. */
export function ChannelPlace({ state, channelId }: { state: SlackState; channelId: string }): VNode {
  const { dispatch } = useActions();
  const { slack } = state;
  const channel = slack.channels.find(({ id }) => id === channelId);
  const name = channel?.name ?? channelId;
  return (
    <main class="place" aria-label={`Channel ${name}`}>
      <header class="place-header">
        <h1 class="place-title">
          <Icon name={channel?.kind === "private" ? "lock" : "hash"} size={18} /> {name}
        </h1>
        <span class="place-members">{channel?.members.length ?? 0} members</span>
      </header>
      <MessageList
        state={state}
        place={{ channelId }}
        messages={channelMessages(slack, channelId, state.actingAs)}
        summaries={threadSummaries(slack, channelId)}
        openThreadTs={state.screen.thread?.id}
        onOpenThread={(ts) => dispatch({ type: "open-thread", thread: { channelId, id: ts } })}
        intro={<ChannelIntro name={name} />}
      />
      <Composer
        key={`${state.actingAs} ${channelId}`}
        place={{ channelId }}
        placeholder={`Message #${name}`}
        commands={state.settings.commands}
      />
    </main>
  );
}

function ChannelIntro({ name }: { name: string }): VNode {
  return (
    <div class="intro">
      <div class="intro-sign">
        <Icon name="hash" size={28} />
      </div>
      <h2>Everyone’s here in #{name}</h2>
      <ol class="intro-steps">
        <li>
          Type <kbd>/db migrate</kbd> below, choose a plan and a version, and read what it does.
        </li>
        <li>Press the green button and follow the thread, while the shop on the right keeps writing.</li>
        <li>Make a step fail, and be sam on the left to see support called.</li>
      </ol>
    </div>
  );
}
