import type { Message } from "../../src/chat/message.ts";
import { renderPlain } from "../../src/chat/render-plain.ts";

/** A message as a reviewer reads it: the summary in brackets, then the text with its buttons. */
export function shown(message: Message): string {
  return [`(${message.summary})`, ...renderPlain(message, { buttons: true })].join("\n");
}
