import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Message } from "../../../../discord/index.ts";

/** What the components of one message share; undefined in a form, whose texts have no message. */
export interface MessageHost {
  readonly channelId: string;
  readonly messageId: string;
  readonly attachments: Message["attachments"];
}

export const MessageHostContext = createContext<MessageHost | null>(null);

export function useMessageHost(): MessageHost {
  const host = useContext(MessageHostContext);
  if (!host) throw new Error("a component stands outside a message");
  return host;
}
