import type { VNode } from "preact";
import type { Channel } from "../../../../discord/index.ts";
import { Icon } from "../../draw/icon.tsx";
import { useActions, useDirectory } from "../../store/context.ts";
import type { MessageKey } from "../../store/ui-state.ts";
import type { DiscordState } from "../store/discord-state.ts";
import { channelItems, starterOf } from "../store/timeline.ts";
import { Composer } from "./composer.tsx";
import { MessageList } from "./message-list.tsx";
import { MessageRow } from "./message-row.tsx";

/** A thread beside its channel. */
export function ThreadPanel({ state, thread }: { state: DiscordState; thread: MessageKey }): VNode | null {
  const { dispatch } = useActions();
  const channel = state.discord.channels.find(({ id }) => id === thread.id);
  const close = (): void => dispatch({ type: "open-thread", thread: null });
  if (!channel?.thread) return null;
  const { isArchived, isLocked } = channel.thread;
  return (
    <aside class="dc-thread" aria-label="Thread" onKeyDown={(event) => event.key === "Escape" && close()}>
      <header class="dc-header">
        <Icon name="thread" size={20} />
        <h2 class="dc-title">{channel.name}</h2>
        <button type="button" class="icon-button" aria-label="Close the thread" onClick={close}>
          <Icon name="close" size={18} />
        </button>
      </header>
      <MessageList
        state={state}
        channelId={thread.id}
        items={channelItems(state, thread.id)}
        intro={<ThreadIntro state={state} channel={channel} />}
      />
      {isArchived && <ArchivedNote isLocked={isLocked} />}
      {!isLocked && (
        <Composer
          key={`${state.actingAs} ${thread.id}`}
          state={state}
          channelId={thread.id}
          placeholder={`Message "${channel.name}"`}
        />
      )}
    </aside>
  );
}

function ArchivedNote({ isLocked }: { isLocked: boolean }): VNode {
  return (
    <p class="dc-archived-note">
      <Icon name="archive" size={16} />
      {isLocked
        ? "This thread is archived and locked."
        : "This thread is archived. A new message opens it again."}
    </p>
  );
}

/** The thread's name, and the message it was started from. */
function ThreadIntro({ state, channel }: { state: DiscordState; channel: Channel }): VNode {
  const starter = starterOf(state.discord, channel.id);
  const owner = useDirectory().users.get(channel.thread?.ownerId ?? "");
  return (
    <>
      <div class="dc-intro">
        <div class="dc-intro-sign">
          <Icon name="thread" size={32} />
        </div>
        <h2>{channel.name}</h2>
        <p>
          Started by <strong>{owner?.displayName ?? "someone"}</strong>
        </p>
      </div>
      {starter && (
        <MessageRow
          message={starter}
          isFollowUp={false}
          isForMe={false}
          hasFailed={false}
          referenced={undefined}
        />
      )}
    </>
  );
}
