import type { VNode } from "preact";
import { BlocksView } from "../blocks/blocks-view.tsx";
import type { Shown } from "../store/timeline.ts";
import { useAct } from "../store/use-act.ts";
import { Mrkdwn } from "../text/text-object.tsx";

/** What a message says: its blocks, else its text; then its files. */
export function MessageBody({ message }: { message: Shown }): VNode {
  const act = useAct();
  const host = {
    place: { channel: message.channelId, message: message.ts },
    blocks: message.blocks,
    values: message.state,
    errors: {},
    act,
    holdBack: () => {},
  };
  return (
    <div class="message-body">
      {message.blocks.length > 0 ? <BlocksView host={host} /> : <Mrkdwn text={message.text} />}
      {message.isMarkedEdited && <span class="message-edited">(edited)</span>}
      {message.files.map((file) => (
        <details class="file" key={file.id}>
          <summary>
            {file.title || file.name} <small>{file.sizeBytes} bytes</small>
          </summary>
          <pre class="pre">{file.content}</pre>
        </details>
      ))}
    </div>
  );
}
