import { useState } from "preact/hooks";
import type { Suggestion, Suggestions } from "./suggestions.ts";
import { useDraft } from "./use-draft.ts";

interface ComposerRules {
  /** By person and place. */
  readonly draftKey: string;
  readonly suggest: (text: string) => Suggestions | undefined;
  readonly send: (text: string) => void;
}

export interface ComposerState {
  readonly text: string;
  readonly change: (text: string) => void;
  readonly submit: () => void;
  readonly suggestions: Suggestions | undefined;
  /** Which suggestion Enter takes. */
  readonly active: number;
  readonly setActive: (index: number) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** What is typed in one place, what is offered for it, and what the keys do. */
export function useComposer({ draftKey, suggest, send }: ComposerRules): ComposerState {
  const [text, setText] = useDraft(draftKey, "");
  const [active, setActive] = useState(0);
  const [isClosed, setClosed] = useState(false);
  const suggestions = isClosed ? undefined : suggest(text);
  const items = suggestions?.items ?? [];
  const change = (next: string): void => {
    setText(next);
    setActive(0);
    setClosed(false);
  };
  const submit = (): void => {
    if (text.trim() === "") return;
    send(text);
    change("");
  };
  const keys = { items, active, setActive, change, submit, close: () => setClosed(true) };
  return {
    text,
    change,
    submit,
    suggestions,
    active,
    setActive,
    onKeyDown: (event) => handleKey(event, keys),
  };
}

interface Keys {
  readonly items: readonly Suggestion[];
  readonly active: number;
  readonly setActive: (index: number) => void;
  readonly change: (text: string) => void;
  readonly submit: () => void;
  readonly close: () => void;
}

function handleKey(event: KeyboardEvent, { items, active, setActive, change, submit, close }: Keys): void {
  const isSend = event.key === "Enter" && !event.shiftKey && !event.isComposing;
  const suggestion = items[active];
  if (suggestion && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    setActive((active + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length);
  } else if (suggestion && (isSend || event.key === "Tab")) {
    event.preventDefault();
    change(suggestion.completed);
  } else if (suggestion && event.key === "Escape") {
    event.stopPropagation();
    close();
  } else if (isSend) {
    event.preventDefault();
    submit();
  }
}
