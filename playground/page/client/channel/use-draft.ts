import { useState } from "preact/hooks";

/** Drafts by person and place; they outlive the composer but not the page. */
const drafts = new Map<string, unknown>();

/** What is entered but not sent in one place by one person. Each key holds one type. */
export function useDraft<T>(key: string, initial: T): [T, (draft: T) => void] {
  const [draft, setDraft] = useState<T>(() => (drafts.has(key) ? (drafts.get(key) as T) : initial));
  const change = (next: T): void => {
    drafts.set(key, next);
    setDraft(next);
  };
  return [draft, change];
}
