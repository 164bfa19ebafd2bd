import type { Component } from "../components/component.ts";
import { hasFlag, messageFlags } from "../flags.ts";
import type { Message } from "../model.ts";
import { idsAsNames, type Names } from "./names.ts";
import { renderMarkdown } from "./render-markdown.ts";

type Readable = Pick<Message, "content" | "components" | "attachments" | "flags" | "isThinking">;

/**
 * A message as a person would read it, buttons left out. With Components V2 only the attachments that a component
 * shows are there ("Discord, Component Reference").
 */
export function renderText(message: Readable, names: Names = idsAsNames): string {
  const isV2 = hasFlag(message.flags, messageFlags.componentsV2);
  const files = isV2 ? [] : message.attachments.map(({ name }) => `[file: ${name}]`);
  const thinking = message.isThinking ? ["Godwit is thinking…"] : [];
  return [
    ...thinking,
    renderMarkdown(message.content, names),
    ...message.components.map((component) => renderComponent(component, names)),
    ...files,
  ]
    .filter((line) => line !== "")
    .join("\n");
}

function renderComponent(component: Component, names: Names): string {
  switch (component.type) {
    case 1:
    case 17:
      return renderAll(component.components, names);
    case 9:
      return renderAll([...component.components, component.accessory], names);
    case 10:
      return renderMarkdown(component.content, names);
    case 11:
      return `[image: ${component.description ?? component.media.url}]`;
    case 12:
      return component.items
        .map(({ description, media }) => `[image: ${description ?? media.url}]`)
        .join("\n");
    case 13:
      return `[file: ${component.file.url.replace("attachment://", "")}]`;
    case 3:
      return `[${component.placeholder ?? "Make a selection"}]`;
    default:
      return "";
  }
}

function renderAll(components: readonly Component[], names: Names): string {
  return components
    .map((component) => renderComponent(component, names))
    .filter((line) => line !== "")
    .join("\n");
}
