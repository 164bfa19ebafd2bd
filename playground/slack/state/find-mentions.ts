import type { Block } from "../blocks/block.ts";
import type { RichText, RichTextElement } from "../blocks/rich-text.ts";

export type Mention =
  | { readonly kind: "user"; readonly id: string }
  | { readonly kind: "usergroup"; readonly id: string }
  | { readonly kind: "broadcast" };

const control = /<(?:@([UW][A-Z0-9]+)|!subteam\^(S[A-Z0-9]+)|!(here|channel|everyone))(?:\|[^>]*)?>/g;

/** Whom a message calls: its blocks count when it has some, else its text. Escaped text calls nobody. */
export function findMentions(message: { text: string; blocks: readonly Block[] }): Mention[] {
  if (message.blocks.length === 0) return mentionsInMrkdwn(message.text);
  return message.blocks.flatMap(mentionsInBlock);
}

function mentionsInMrkdwn(text: string): Mention[] {
  return [...text.matchAll(control)].map(([, user, group]) => {
    if (user !== undefined) return { kind: "user", id: user };
    if (group !== undefined) return { kind: "usergroup", id: group };
    return { kind: "broadcast" };
  });
}

function mentionsInBlock(block: Block): Mention[] {
  switch (block.type) {
    case "section":
      return [block.text, ...(block.fields ?? [])].flatMap(mentionsInText);
    case "context":
      return block.elements.flatMap((element) => (element.type === "image" ? [] : mentionsInText(element)));
    case "markdown":
      return mentionsInMrkdwn(block.text);
    case "rich_text":
      return mentionsInRichText(block);
    case "table":
      return block.rows.flat().flatMap((cell) => (cell.type === "rich_text" ? mentionsInRichText(cell) : []));
    case "task_card":
      return [block.details, block.output].flatMap((part) => (part ? mentionsInRichText(part) : []));
    case "plan":
      return (block.tasks ?? []).flatMap(mentionsInBlock);
    default:
      return [];
  }
}

function mentionsInText(text: { type: string; text: string } | undefined): Mention[] {
  return text?.type === "mrkdwn" ? mentionsInMrkdwn(text.text) : [];
}

function mentionsInRichText(block: RichText): Mention[] {
  return block.elements.flatMap((part) =>
    part.type === "rich_text_list"
      ? part.elements.flatMap((section) => section.elements.flatMap(mentionIn))
      : part.elements.flatMap(mentionIn),
  );
}

function mentionIn(element: RichTextElement): Mention[] {
  if (element.type === "user") return [{ kind: "user", id: element.user_id }];
  if (element.type === "usergroup") return [{ kind: "usergroup", id: element.usergroup_id }];
  if (element.type === "broadcast") return [{ kind: "broadcast" }];
  return [];
}
