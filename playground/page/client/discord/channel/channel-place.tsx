import type { VNode } from "preact";
import { Icon } from "../../draw/icon.tsx";
import type { DiscordState } from "../store/discord-state.ts";
import { channelItems } from "../store/timeline.ts";
import { Composer } from "./composer.tsx";
import { MessageList } from "./message-list.tsx";

/** A channel: its messages, and where one writes. */
export function ChannelPlace({ state, channelId }: { state: DiscordState; channelId: string }): VNode {
  const channel = state.discord.channels.find(({ id }) => id === channelId);
  const name = channel?.name ?? channelId;
  return (
    <main class="dc-place" aria-label={`Channel ${name}`}>
      <header class="dc-header">
        <Icon name="hash" size={22} />
        <h1 class="dc-title">{name}</h1>
      </header>
      <MessageList
        state={state}
        channelId={channelId}
        items={channelItems(state, channelId)}
        intro={<ChannelIntro name={name} />}
      />
      <Composer
        key={`${state.actingAs} ${channelId}`}
        state={state}
        channelId={channelId}
        placeholder={`Message #${name}`}
        takesFocus
      />
    </main>
  );
}

function ChannelIntro({ name }: { name: string }): VNode {
  return (
    <div class="dc-intro">
      <div class="dc-intro-sign">
        <Icon name="hash" size={40} />
      </div>
      <h2>Welcome to #{name}!</h2>
      <p>This is the start of the #{name} channel.</p>
      <ol class="dc-intro-steps">
        <li>
          Type <kbd>/db migrate</kbd> below, pick the add-on, and choose a plan and a version in the form.
        </li>
        <li>Read what it does, confirm it twice, and follow the thread while the shop keeps writing.</li>
        <li>Make a step fail, and be sam on the left to see support called.</li>
      </ol>
    </div>
  );
}
