import type { RefObject, VNode } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Choice } from "./choice.ts";
import type { PickerProps } from "./picker.tsx";
import { Options } from "./picker-options.tsx";
import { placeBelow } from "./place-below.ts";
import { useChoices } from "./use-choices.ts";

interface MenuProps extends PickerProps {
  readonly trigger: RefObject<HTMLButtonElement | null>;
  readonly onClose: (refocus: boolean) => void;
}

/** The open list, with the field to search it. */
export function PickerMenu(props: MenuProps): VNode {
  const id = useId();
  const menu = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(-1);
  const choices = useChoices(props, typed);
  const flat = choices.groups.flatMap((group) => group.choices);
  const current = active >= 0 ? active : flat.findIndex(({ value }) => isChosen(props, value));
  useMenuPlace(menu, props);
  const search = (text: string): void => {
    setTyped(text);
    setActive(0);
  };
  const { onPick, onClose } = props;
  const keys = { flat, current, setActive, onPick, onClose };
  return (
    <div ref={menu} class="picker-menu" onFocusOut={(event) => leave(event, menu, props)}>
      <input
        class="picker-search"
        role="combobox"
        {...listOf(id, current)}
        aria-label={`Search ${props.label}`}
        placeholder="Search"
        value={typed}
        onInput={({ currentTarget }) => search(currentTarget.value)}
        onKeyDown={(event) => handleKey(event, keys)}
      />
      <Options
        id={id}
        label={props.label}
        choices={choices}
        current={current}
        isChosen={(value) => isChosen(props, value)}
        onHover={setActive}
        onPick={onPick}
      />
    </div>
  );
}

function listOf(id: string, current: number) {
  return {
    "aria-expanded": true,
    "aria-autocomplete": "list",
    "aria-controls": `${id}-list`,
    "aria-activedescendant": current >= 0 ? `${id}-${current}` : undefined,
  } as const;
}

function isChosen({ chosen }: PickerProps, value: string): boolean {
  return chosen.some((choice) => choice.value === value);
}

/** Puts the list below the button, or above it where there is no room, and the focus into it. */
function useMenuPlace(menu: RefObject<HTMLDivElement | null>, { trigger, onClose }: MenuProps): void {
  useLayoutEffect(() => {
    if (!menu.current || !trigger.current) return;
    placeBelow(menu.current, trigger.current);
    menu.current.querySelector("input")?.focus();
  }, []);
  useEffect(() => {
    const onScroll = (event: Event): void => {
      if (!menu.current?.contains(event.target as Node)) onClose(false);
    };
    document.addEventListener("scroll", onScroll, true);
    return () => document.removeEventListener("scroll", onScroll, true);
  }, []);
}

function leave(
  event: FocusEvent,
  menu: RefObject<HTMLDivElement | null>,
  { trigger, onClose }: MenuProps,
): void {
  const next = event.relatedTarget;
  if (next instanceof Node && (menu.current?.contains(next) || trigger.current?.contains(next))) return;
  onClose(false);
}

interface Keys {
  readonly flat: readonly Choice[];
  readonly current: number;
  readonly setActive: (index: number) => void;
  readonly onPick: (choice: Choice) => void;
  readonly onClose: (refocus: boolean) => void;
}

function handleKey(event: KeyboardEvent, { flat, current, setActive, onPick, onClose }: Keys): void {
  const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
  const move = moves[event.key];
  if (move !== undefined) {
    event.preventDefault();
    setActive((Math.max(current, move > 0 ? -1 : 0) + move + flat.length) % Math.max(flat.length, 1));
  } else if (event.key === "Enter") {
    event.preventDefault();
    const choice = flat[current] ?? (flat.length === 1 ? flat[0] : undefined);
    if (choice) onPick(choice);
  } else if (event.key === "Escape") {
    event.stopPropagation();
    onClose(true);
  }
}
