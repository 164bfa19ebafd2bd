import type { Component } from "../components/component.ts";
import type { Attachment, Json } from "../model.ts";
import type { Upload } from "../server/read-request.ts";
import type { MessageEdit } from "../state/messages.ts";
import type { AllowedMentions } from "../state/notify.ts";
import type { World } from "../world.ts";

/** The body of a message in the parts that are used; validated before. */
export interface MessageBody {
  readonly content?: string | null;
  readonly components?: readonly Component[] | null;
  readonly embeds?: readonly Json[] | null;
  readonly attachments?: readonly { readonly id: string; readonly description?: string | null }[] | null;
  readonly flags?: number | null;
  readonly allowed_mentions?: AllowedMentions | null;
  readonly nonce?: string | number | null;
  readonly enforce_nonce?: boolean | null;
  readonly message_reference?: { readonly message_id?: string } | null;
}

/** Flags an app may set ("Discord, Message Flags"); ephemeral and loading are kept elsewhere. */
const keptFlags = (1 << 2) | (1 << 12) | (1 << 15);

export function newMessage(world: World, body: MessageBody, files: readonly Upload[]) {
  return {
    content: body.content ?? "",
    components: body.components ?? [],
    embeds: body.embeds ?? [],
    attachments: uploaded(world, body, files),
    flags: (body.flags ?? 0) & keptFlags,
  };
}

/** `null` empties, what is left out stays; attachments that are not named go ("Discord, Edit Message"). */
export function messageEdit(
  world: World,
  body: MessageBody,
  was: { flags: number; attachments: readonly Attachment[]; files: readonly Upload[] },
): MessageEdit {
  const flags =
    body.flags === undefined || body.flags === null ? {} : { flags: was.flags | (body.flags & keptFlags) };
  const isTouched = body.attachments !== undefined || was.files.length > 0;
  const named = new Set((body.attachments ?? []).map(({ id }) => id));
  const stays =
    body.attachments === undefined ? was.attachments : was.attachments.filter(({ id }) => named.has(id));
  return {
    ...(body.content === undefined ? {} : { content: body.content ?? "" }),
    ...(body.components === undefined ? {} : { components: body.components ?? [] }),
    ...(body.embeds === undefined ? {} : { embeds: body.embeds ?? [] }),
    ...(isTouched ? { attachments: [...stays, ...uploaded(world, body, was.files)] } : {}),
    ...flags,
  };
}

function uploaded(world: World, body: MessageBody, files: readonly Upload[]): Attachment[] {
  return files.map((file) => ({
    id: world.ids.next(),
    name: file.name,
    sizeBytes: file.bytes.length,
    contentType: file.contentType,
    description: (body.attachments ?? []).find(({ id }) => id === file.id)?.description ?? null,
    content: file.bytes.toString("utf8"),
  }));
}

export function isEmpty(body: MessageBody, files: readonly Upload[]): boolean {
  return (
    !body.content &&
    (body.components ?? []).length === 0 &&
    (body.embeds ?? []).length === 0 &&
    files.length === 0
  );
}
