import type { VNode } from "preact";
import { Avatar } from "../../draw/avatar.tsx";
import type { Message, Shown } from "../store/timeline.ts";
import { Author } from "./author.tsx";
import { usePreview } from "./use-preview.ts";

interface Props {
  readonly message: Shown;
  readonly referenced: Message | undefined;
}

/** Above an answer: the command it answers, or the message. */
export function OriginLine({ message, referenced }: Props): VNode | null {
  const { interaction } = message;
  if (interaction?.kind === "command") {
    return <CommandLine userId={interaction.userId} commandName={interaction.commandName} />;
  }
  return referenced ? <ReplyLine message={referenced} /> : null;
}

export function CommandLine({ userId, commandName }: { userId: string; commandName: string }): VNode {
  return (
    <div class="dc-origin">
      <Avatar userId={userId} size={16} />
      <Author userId={userId} /> used <span class="mention">/{commandName}</span>
    </div>
  );
}

function ReplyLine({ message }: { message: Message }): VNode {
  const preview = usePreview(message);
  return (
    <div class="dc-origin">
      <Avatar userId={message.authorId} size={16} />
      <Author userId={message.authorId} /> <span class="dc-origin-text">{preview}</span>
    </div>
  );
}
