import type { ServerResponse } from "node:http";
import type { World } from "../world.ts";

/** Answers GET /attachments/{channel}/{attachment}/{name}, the address in a message's attachment. */
export function serveAttachment(world: World, path: string, response: ServerResponse): void {
  const [, , channelId, attachmentId] = path.split("/");
  const attachment = [...world.messages.all, ...world.messages.ephemeral]
    .filter((message) => message.channelId === channelId && !message.isDeleted)
    .flatMap(({ attachments }) => attachments)
    .find(({ id }) => id === attachmentId);
  if (!attachment) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "content-type": attachment.contentType }).end(attachment.content);
}
