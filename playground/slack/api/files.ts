import { z } from "zod";
import type { Json, UploadedFile } from "../model.ts";
import { refuse } from "../refusal.ts";
import { notify } from "../state/notify.ts";
import type { World } from "../world.ts";
import { checkThread } from "./chat-post.ts";
import { checkContent } from "./check-content.ts";
import { type Call, count, defineMethod, jsonArg } from "./method.ts";
import { postableChannel } from "./reach-channel.ts";

export const filesGetUploadUrl = defineMethod({
  name: "files.getUploadURLExternal",
  tier: 4,
  scopes: ["files:write"],
  args: z.strictObject({
    filename: z.string().min(1),
    length: count.refine((length) => length !== undefined && length > 0, { error: "must be more than 0" }),
    alt_text: z.string().max(1000).optional(),
    alt_txt: z.string().max(1000).optional(),
    snippet_type: z.string().optional(),
  }),
  run: ({ world, args }) => {
    const id = world.ids.next("F");
    const file = { id, name: args.filename, title: args.filename, content: "", sizeBytes: args.length ?? 0 };
    world.files.set(id, file);
    return { file_id: id, upload_url: `${world.origin}/upload/v1/${id}` };
  },
});

/** Takes the bytes of an announced file; false when nothing was announced or the size differs. */
export function storeUpload(world: World, fileId: string, bytes: Buffer): boolean {
  const file = world.files.get(fileId);
  if (!file || bytes.length !== file.sizeBytes) return false;
  world.files.set(fileId, { ...file, content: bytes.toString("utf8") });
  return true;
}

const completeArgs = z.strictObject({
  files: jsonArg(z.array(z.strictObject({ id: z.string(), title: z.string().optional() })).min(1)),
  channel_id: z.string().optional(),
  thread_ts: z.string().optional(),
  initial_comment: z.string().optional(),
  blocks: jsonArg(z.unknown().optional()),
  highlight_type: z.string().optional(),
});

export const filesCompleteUpload = defineMethod({
  name: "files.completeUploadExternal",
  tier: 4,
  scopes: ["files:write"],
  args: completeArgs,
  run: completeUpload,
});

function completeUpload({ world, token, args }: Call<z.infer<typeof completeArgs>>): Json {
  const files = args.files.map(({ id, title }) => titled(world, id, title));
  if (args.channel_id !== undefined) {
    const channel = postableChannel(world, token, args.channel_id);
    checkThread(world, channel.id, args.thread_ts);
    const message = world.messages.post({
      channelId: channel.id,
      userId: world.settings.botUserId,
      text: args.initial_comment ?? "",
      blocks: checkContent(world, "files.completeUploadExternal", args.blocks) ?? [],
      threadTs: args.thread_ts,
      files,
    });
    notify(world, message);
  }
  return { files: files.map(({ id, title, name }) => ({ id, title, name })) };
}

function titled(world: World, id: string, title: string | undefined): UploadedFile {
  const file = world.files.get(id) ?? refuse("file_not_found");
  if (file.content === "") refuse("file_upload_not_completed");
  return { ...file, title: title ?? file.title };
}
