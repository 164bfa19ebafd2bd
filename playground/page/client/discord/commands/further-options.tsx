import type { VNode } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Options } from "../../elements/picker-options.tsx";
import type { CommandOption } from "./command-entries.ts";

interface Props {
  readonly options: readonly CommandOption[];
  readonly isActive: boolean;
  readonly onActivate: () => void;
  readonly onAdd: (name: string) => void;
  readonly onErase: () => void;
  readonly onSend: () => void;
}

/** Behind the last option: what can be added, and where Enter sends the command. */
export function FurtherOptions(props: Props): VNode {
  const { options, isActive, onActivate } = props;
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const search = useSearch(props);
  useLayoutEffect(() => {
    if (isActive) field.current?.focus();
  }, [isActive]);
  return (
    <span class="dc-further">
      <input
        ref={field}
        class="dc-further-field"
        role="combobox"
        autoComplete="off"
        aria-label="Add an option, or press Enter to send"
        aria-expanded={search.isOpen}
        aria-controls={`${id}-list`}
        aria-activedescendant={search.active >= 0 ? `${id}-${search.active}` : undefined}
        placeholder={options.length > 0 ? `+${options.length} optional` : ""}
        value={search.typed}
        onFocus={() => isActive || onActivate()}
        onInput={({ currentTarget }) => search.setTyped(currentTarget.value)}
        onKeyDown={search.onKeyDown}
      />
      {search.isOpen && <Menu id={id} search={search} />}
    </span>
  );
}

interface Search {
  readonly typed: string;
  readonly setTyped: (typed: string) => void;
  readonly fitting: readonly CommandOption[];
  /** -1: none, and Enter sends. */
  readonly active: number;
  readonly setActive: (index: number) => void;
  readonly isOpen: boolean;
  readonly add: (name: string) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

function useSearch({ options, isActive, onAdd, onErase, onSend }: Props): Search {
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(-1);
  const fitting = options.filter(({ name }) => name.startsWith(typed.trim().toLowerCase()));
  const isOpen = isActive && fitting.length > 0;
  const add = (name: string): void => {
    setTyped("");
    setActive(-1);
    onAdd(name);
  };
  const enter = (): void => {
    if (active < 0 && typed.trim() === "") return onSend();
    const chosen = fitting[Math.max(active, 0)];
    if (chosen) add(chosen.name);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const isErasing = event.key === "Backspace" && typed === "";
    if (move !== undefined && isOpen) {
      setActive((Math.max(active, move > 0 ? -1 : 0) + move + fitting.length) % fitting.length);
    } else if (event.key === "Enter") enter();
    else if (isErasing) onErase();
    else return;
    event.preventDefault();
  };
  return { typed, setTyped, fitting, active, setActive, isOpen, add, onKeyDown };
}

function Menu({ id, search }: { id: string; search: Search }): VNode {
  const choices = search.fitting.map(({ name, description }) => ({ value: name, label: name, description }));
  return (
    <div class="suggestions dc-option-menu">
      <div class="dc-option-about">These are optional. Enter sends the command as it is.</div>
      <Options
        id={id}
        label="Options"
        choices={{ state: "ready", hint: "", groups: [{ label: undefined, choices }] }}
        current={search.active}
        isChosen={() => false}
        onHover={search.setActive}
        onPick={({ value }) => search.add(value)}
      />
    </div>
  );
}
