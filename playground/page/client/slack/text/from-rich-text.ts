import type { RichText, RichTextElement, RichTextPart } from "../../../../slack/blocks/rich-text.ts";
import { type Inline, type InlineStyle, lines, type TextBlock } from "../../text/inline.ts";

/** A rich_text block as blocks of text. */
export function fromRichText(block: Pick<RichText, "elements">): TextBlock[] {
  return block.elements.map(fromPart);
}

function fromPart(part: RichTextPart): TextBlock {
  switch (part.type) {
    case "rich_text_section":
      return { kind: "paragraph", children: inlines(part.elements) };
    case "rich_text_quote":
      return { kind: "quote", children: inlines(part.elements) };
    case "rich_text_preformatted":
      return { kind: "pre", text: part.elements.map((element) => element.text ?? textOf(element)).join("") };
    case "rich_text_list":
      return {
        kind: "list",
        isOrdered: part.style === "ordered",
        start: 1 + (part.offset ?? 0),
        indent: part.indent ?? 0,
        items: part.elements.map(({ elements }) => inlines(elements)),
      };
  }
}

function textOf(element: RichTextElement): string {
  return element.type === "link" ? element.url : "";
}

function inlines(elements: readonly RichTextElement[]): Inline[] {
  return elements.flatMap((element) => styled(element, fromElement(element)));
}

function fromElement(element: RichTextElement): Inline[] {
  switch (element.type) {
    case "text":
      return element.style?.code === true ? [{ kind: "code", text: element.text }] : lines(element.text);
    case "link":
      return [{ kind: "link", url: element.url, children: lines(element.text ?? element.url) }];
    case "user":
      return [{ kind: "user", id: element.user_id }];
    case "usergroup":
      return [{ kind: "group", id: element.usergroup_id }];
    case "channel":
      return [{ kind: "channel", id: element.channel_id }];
    case "broadcast":
      return [{ kind: "broadcast", range: element.range }];
    case "emoji":
      return [{ kind: "emoji", name: element.name }];
    case "date":
      return [fromDate(element)];
    case "color":
      return [{ kind: "color", value: element.value }];
    case "team":
      return lines(element.team_id);
  }
}

function fromDate(element: Extract<RichTextElement, { type: "date" }>): Inline {
  const { timestamp, format, fallback = "", url } = element;
  const date = { kind: "date", timestamp, format, fallback } as const;
  return url === undefined ? date : { kind: "link", url, children: [date] };
}

const styleNames: readonly Exclude<InlineStyle, "spoiler">[] = ["bold", "italic", "strike", "underline"];

function styled({ style }: RichTextElement, pieces: Inline[]): Inline[] {
  return styleNames.reduce<Inline[]>(
    (children, name) => (style?.[name] === true ? [{ kind: "styled", style: name, children }] : children),
    pieces,
  );
}
