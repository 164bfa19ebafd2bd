import { useState } from "preact/hooks";
import type { CommandHint } from "../../page-settings.ts";
import { useDirectory } from "../store/context.ts";
import type { ListPlace } from "./message-list.tsx";
import { type Suggestion, type Suggestions, suggestFor } from "./suggest-text.ts";
import { useDraft } from "./use-draft.ts";
import { useSender } from "./use-sender.ts";

interface ComposerState {
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
export function useComposer(place: ListPlace, commands: readonly CommandHint[]): ComposerState {
  const directory = useDirectory();
  const [text, setText] = useDraft(`${directory.meId} ${place.channelId} ${place.threadTs ?? ""}`);
  const [active, setActive] = useState(0);
  const [isClosed, setClosed] = useState(false);
  const send = useSender(place);
  const suggestions = isClosed ? undefined : suggestFor(text, { commands, directory });
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
