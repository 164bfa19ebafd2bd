import type { Component } from "../components/component.ts";
import { flattenComponents } from "../components/find-components.ts";
import type { Message } from "../model.ts";

export type Mention =
  | { readonly kind: "user"; readonly id: string }
  | { readonly kind: "role"; readonly id: string }
  | { readonly kind: "everyone" };

const mention = /<@(&?)!?(\d{17,20})>|@(everyone|here)\b/g;
const code = /(?<!\\)(?:```[\s\S]*?```|`[^`\n]*`)/g;

/** Whom a message names in its content and text displays; code names nobody. */
export function findMentions(message: Pick<Message, "content" | "components">): Mention[] {
  return [message.content, ...displayedTexts(message.components)].flatMap(mentionsIn);
}

/** Texts of a component tree, in order. */
export function displayedTexts(components: readonly Component[]): string[] {
  return flattenComponents(components).flatMap((component) =>
    component.type === 10 ? [component.content] : [],
  );
}

function mentionsIn(text: string): Mention[] {
  return [...text.replaceAll(code, "").matchAll(mention)].map(([, isRole, id]) => {
    if (id === undefined) return { kind: "everyone" };
    return isRole === "&" ? { kind: "role", id } : { kind: "user", id };
  });
}
