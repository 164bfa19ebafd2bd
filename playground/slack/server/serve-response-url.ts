import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { readBody } from "../../local/read-body.ts";
import { checkContent } from "../api/check-content.ts";
import type { Block } from "../blocks/block.ts";
import { faultsOf } from "../blocks/violation-message.ts";
import { Refusal, refuse } from "../refusal.ts";
import { refuseViolation } from "../report-violation.ts";
import { notify } from "../state/notify.ts";
import type { ResponseTarget } from "../state/response-urls.ts";
import type { World } from "../world.ts";
import { sendJson } from "./serve-api.ts";

const responseBody = z.strictObject({
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  response_type: z.enum(["ephemeral", "in_channel"]).optional(),
  replace_original: z.boolean().optional(),
  delete_original: z.boolean().optional(),
  thread_ts: z.string().optional(),
  unfurl_links: z.boolean().optional(),
  unfurl_media: z.boolean().optional(),
  mrkdwn: z.boolean().optional(),
  metadata: z
    .strictObject({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
    .optional(),
});

type ResponseBody = z.infer<typeof responseBody>;

/** Answers a POST to a response_url: 404 once it is used up or expired, 400 for a refused payload. */
export async function serveResponseUrl(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const key = (request.url ?? "").replace(/^\/response\//, "");
  const body = await readBody(request);
  try {
    const target = world.responseUrls.find(key);
    respond(world, target, JSON.parse(body.toString()));
    world.responseUrls.use(key);
    response.writeHead(200, { "content-type": "text/plain" }).end("ok");
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const status = error.error.endsWith("_url") ? 404 : 400;
    sendJson(response, { status, body: { ok: false, error: error.error, ...error.details }, headers: {} });
  }
}

/** Also honours the same body in the acknowledgement of a slash command. */
export function respond(world: World, target: ResponseTarget, input: unknown): void {
  const parsed = responseBody.safeParse(input);
  if (!parsed.success) {
    refuseViolation(world, {
      where: "response_url",
      error: "invalid_payload",
      faults: faultsOf(parsed.error, ""),
    });
  }
  const body = parsed.data;
  if (body.delete_original === true) return deleteOriginal(world, target);
  const blocks = checkContent(world, "response_url", body.blocks);
  if (!body.text && (blocks ?? []).length === 0) refuse("no_text");
  if (body.replace_original === true && target.originalTs !== undefined) {
    world.messages.edit(original(world, target), { text: body.text ?? "", blocks: blocks ?? [] });
  } else {
    postResponse(world, target, { ...body, blocks: blocks ?? [] });
  }
}

function postResponse(world: World, target: ResponseTarget, body: ResponseBody & { blocks: Block[] }): void {
  const content = {
    channelId: target.channelId,
    userId: world.settings.botUserId,
    text: body.text ?? "",
    blocks: body.blocks,
    threadTs: body.thread_ts,
    metadata: body.metadata,
  };
  if (body.response_type === "in_channel") notify(world, world.messages.post(content));
  else world.messages.postEphemeral(content, target.userId);
}

function deleteOriginal(world: World, target: ResponseTarget): void {
  world.messages.delete(original(world, target));
}

function original(world: World, { channelId, originalTs = "" }: ResponseTarget) {
  return (
    world.messages.findEphemeral(channelId, originalTs) ??
    world.messages.find(channelId, originalTs) ??
    refuse("message_not_found")
  );
}
