import type { VNode } from "preact";
import { Dots } from "../components/button.tsx";
import { Components } from "../components/component-view.tsx";
import { FileCard } from "../components/file-card.tsx";
import { MessageHostContext } from "../components/message-host.ts";
import type { Shown } from "../store/timeline.ts";
import { Markdown } from "../text/markdown.tsx";

/** Bit of a message that consists of components ("Discord, Message Flags"). */
const componentsFlag = 1 << 15;

/** What a message says: its text, its components, its files; or that the app is still thinking. */
export function MessageBody({ message }: { message: Shown }): VNode {
  const { id: messageId, channelId, attachments, components, content, flags } = message;
  if (message.isThinking) return <Thinking />;
  return (
    <MessageHostContext.Provider value={{ channelId, messageId, attachments }}>
      <div class="dc-body">
        {content !== "" && <Markdown source={content} />}
        <Components components={components} />
        {message.isMarkedEdited && <span class="dc-edited">(edited)</span>}
        {(flags & componentsFlag) === 0 &&
          attachments.map(({ id, name }) => <FileCard key={id} url={`attachment://${name}`} />)}
      </div>
    </MessageHostContext.Provider>
  );
}

function Thinking(): VNode {
  return (
    <p class="dc-thinking" role="status">
      <Dots />
      Godwit is thinking…
    </p>
  );
}
