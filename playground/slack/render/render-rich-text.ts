import type { RichText, RichTextElement, RichTextPart } from "../blocks/rich-text.ts";
import type { Names } from "./names.ts";

/** A rich_text block as plain text: lists with bullets or numbers, quotes with `>`. */
export function renderRichText(block: RichText, names: Names): string {
  return block.elements.map((part) => renderPart(part, names)).join("\n");
}

function renderPart(part: RichTextPart, names: Names): string {
  switch (part.type) {
    case "rich_text_section":
    case "rich_text_preformatted":
      return renderElements(part.elements, names).replace(/\n$/, "");
    case "rich_text_quote":
      return renderElements(part.elements, names).replaceAll(/^/gm, "> ");
    case "rich_text_list": {
      const indent = "  ".repeat(part.indent ?? 0);
      return part.elements
        .map((item, index) => {
          const point = part.style === "ordered" ? `${index + 1 + (part.offset ?? 0)}.` : "•";
          return `${indent}${point} ${renderElements(item.elements, names)}`;
        })
        .join("\n");
    }
  }
}

function renderElements(elements: readonly RichTextElement[], names: Names): string {
  return elements.map((element) => renderElement(element, names)).join("");
}

function renderElement(element: RichTextElement, names: Names): string {
  switch (element.type) {
    case "text":
      return element.text;
    case "link":
      return element.text === undefined || element.text === element.url
        ? element.url
        : `${element.text} (${element.url})`;
    case "user":
      return `@${names.user(element.user_id)}`;
    case "usergroup":
      return `@${names.group(element.usergroup_id)}`;
    case "channel":
      return `#${names.channel(element.channel_id)}`;
    case "broadcast":
      return `@${element.range}`;
    case "emoji":
      return `:${element.name}:`;
    case "date":
      return element.fallback ?? new Date(element.timestamp * 1000).toISOString();
    case "color":
      return element.value;
    case "team":
      return element.team_id;
  }
}
