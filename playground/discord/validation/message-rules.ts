import type { MessageBody } from "../api/message-body.ts";
import { isComponentsV2 } from "../api/message-wire.ts";
import { type Call, param } from "../api/route.ts";
import type { Component } from "../components/component.ts";
import { flattenComponents } from "../components/find-components.ts";
import { hasFlag, messageFlags } from "../flags.ts";
import type { Message } from "../model.ts";
import { findAnswer } from "../state/find-answer.ts";
import { treeRules } from "./component-rules.ts";
import { type Finding, finding } from "./finding.ts";

type Path = readonly (string | number)[];

/** "Discord, Create Message" and "Application Commands": characters of content. */
const contentLimit = 2000;
const nonceLimit = 25;
/** Action rows of a message without Components V2. */
const rowLimit = 5;
/** Section, text display, thumbnail, gallery, file, separator, container. */
const v2Types: ReadonlySet<number> = new Set([9, 10, 11, 12, 13, 14, 17]);

/** What the rules need to know beside the body. */
export interface MessageContext {
  readonly path: Path;
  /** The message that is edited. */
  readonly edited?: Message | undefined;
  readonly fileNames: readonly string[];
  /** Flags beside SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS and IS_COMPONENTS_V2 that may be set here. */
  readonly moreFlags?: number;
}

export function postRules(call: Call): readonly Finding[] {
  return messageRules(call.body, { path: [], fileNames: fileNames(call) });
}

export function editRules(call: Call): readonly Finding[] {
  const edited = call.world.messages.find(param(call, "channel"), param(call, "message"));
  return messageRules(call.body, { path: [], edited, fileNames: fileNames(call) });
}

export function followUpRules(call: Call): readonly Finding[] {
  const edited = answeredMessage(call, "@original");
  return messageRules(call.body, {
    path: [],
    edited: edited?.isThinking ? edited : undefined,
    fileNames: fileNames(call),
    moreFlags: messageFlags.ephemeral,
  });
}

export function answerEditRules(call: Call): readonly Finding[] {
  const edited = answeredMessage(call, param(call, "message"));
  return messageRules(call.body, { path: [], edited, fileNames: fileNames(call) });
}

function answeredMessage(call: Call, key: string): Message | undefined {
  const interaction = call.world.interactions.findByToken(param(call, "token"));
  return interaction && findAnswer(call.world, interaction, key);
}

export function fileNames({ files }: Call): string[] {
  return files.map(({ name }) => name);
}

/** Rules for messages that the schema misses. */
export function messageRules(body: MessageBody, context: MessageContext): Finding[] {
  const components = body.components ?? [];
  const isV2 =
    hasFlag(body.flags ?? 0, messageFlags.componentsV2) ||
    (context.edited !== undefined && isComponentsV2(context.edited));
  return [
    ...contentRules(body, context, isV2),
    ...flagRules(body, context),
    ...mentionRules(body, context.path),
    ...nonceRules(body, context.path),
    ...(isV2 ? [] : legacyRules(components, context.path)),
    ...treeRules(components, [...context.path, "components"]),
    ...attachmentRules(body, context),
  ];
}

function contentRules(body: MessageBody, { path, edited }: MessageContext, isV2: boolean): Finding[] {
  const length = Array.from(body.content ?? "").length;
  const place = [...path, "content"];
  if (length > contentLimit) {
    return [finding(place, "BASE_TYPE_MAX_LENGTH", `Must be ${contentLimit} or fewer in length.`)];
  }
  if (!isV2) return [];
  const stays = body.content === undefined && edited !== undefined && edited.content !== "";
  const clash = "cannot be used with MessageFlags.IS_COMPONENTS_V2";
  return [
    ...(length > 0 || stays
      ? [finding(place, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", clash)]
      : []),
    ...((body.embeds ?? []).length > 0
      ? [finding([...path, "embeds"], "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", clash)]
      : []),
  ];
}

function flagRules({ flags }: MessageBody, { path, moreFlags = 0 }: MessageContext): Finding[] {
  const { suppressEmbeds, suppressNotifications, componentsV2 } = messageFlags;
  const known = suppressEmbeds | suppressNotifications | componentsV2 | moreFlags;
  if (((flags ?? 0) & ~known) === 0) return [];
  return [finding([...path, "flags"], "BITFIELD_INVALID", `only the bits ${known} can be set here`)];
}

/** Left out, everything in the text would be mentioned, so that it is always asked for here. */
function mentionRules(body: MessageBody, path: Path): Finding[] {
  const place = [...path, "allowed_mentions"];
  const isShown =
    Boolean(body.content) || (body.components ?? []).length > 0 || (body.embeds ?? []).length > 0;
  const allowed = body.allowed_mentions;
  if (!allowed) {
    return isShown
      ? [finding(place, "BASE_TYPE_REQUIRED", "say whom the message may mention, nobody for instance")]
      : [];
  }
  return (["users", "roles"] as const).flatMap((kind) => {
    const isBoth = (allowed[kind] ?? []).length > 0 && (allowed.parse ?? []).includes(kind);
    const message = `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`;
    return isBoth ? [finding(place, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)] : [];
  });
}

function nonceRules({ nonce, enforce_nonce }: MessageBody, path: Path): Finding[] {
  const length = String(nonce ?? "").length;
  const place = [...path, "nonce"];
  if (length > nonceLimit) {
    return [finding(place, "BASE_TYPE_MAX_LENGTH", `Must be ${nonceLimit} or fewer in length.`)];
  }
  const isMissing = enforce_nonce === true && length === 0;
  return isMissing ? [finding(place, "BASE_TYPE_REQUIRED", "enforce_nonce needs a nonce")] : [];
}

function legacyRules(components: readonly Component[], path: Path): Finding[] {
  const place = [...path, "components"];
  const tooMany = components.length > rowLimit;
  return [
    ...(tooMany ? [finding(place, "BASE_TYPE_MAX_LENGTH", `Must be ${rowLimit} or fewer in length.`)] : []),
    ...components.flatMap(({ type }, index) =>
      v2Types.has(type)
        ? [
            finding(
              [...place, index],
              "UNION_TYPE_CHOICES",
              'Value of field "type" must be one of (1,) without IS_COMPONENTS_V2.',
            ),
          ]
        : [],
    ),
  ];
}

/** `attachment://name` must be among the files ("Discord, Component Reference": unfurled media). */
function attachmentRules(body: MessageBody, { path, edited, fileNames }: MessageContext): Finding[] {
  const there = new Set([...fileNames, ...(edited?.attachments ?? []).map(({ name }) => name)]);
  const wanted = flattenComponents(body.components ?? []).flatMap(mediaUrls);
  return wanted.flatMap((url) => {
    const name = url.startsWith("attachment://") ? url.slice("attachment://".length) : undefined;
    if (name === undefined || there.has(name)) return [];
    const message = `The referenced attachment was not found: ${name}`;
    return [finding([...path, "components"], "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", message)];
  });
}

function mediaUrls(component: Component): string[] {
  switch (component.type) {
    case 11:
      return [component.media.url];
    case 12:
      return component.items.map(({ media }) => media.url);
    case 13:
      return [component.file.url];
    default:
      return [];
  }
}
