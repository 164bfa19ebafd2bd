import { useState } from "preact/hooks";

/** Drafts by person and place; they outlive the composer but not the page. */
const drafts = new Map<string, string>();

/** What is typed but not sent in one place by one person. */
export function useDraft(key: string): [string, (text: string) => void] {
  const [text, setText] = useState(drafts.get(key) ?? "");
  const change = (next: string): void => {
    drafts.set(key, next);
    setText(next);
  };
  return [text, change];
}
