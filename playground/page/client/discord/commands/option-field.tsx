import type { RefObject, VNode } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Choice } from "../../elements/choice.ts";
import type { PickerProps } from "../../elements/picker.tsx";
import { useChoices } from "../../elements/use-choices.ts";
import type { OptionEntry } from "./command-draft.ts";
import type { CommandOption } from "./command-entries.ts";
import { OptionMenu } from "./option-menu.tsx";

interface Props {
  readonly option: CommandOption;
  readonly entry: OptionEntry;
  readonly source: PickerProps["source"];
  readonly isActive: boolean;
  readonly isMissing: boolean;
  readonly onActivate: () => void;
  readonly onType: (text: string) => void;
  readonly onTake: (choice: Choice) => void;
  /** Tab and Enter without a choice: on to the next option, or send. */
  readonly onLeave: (by: "Tab" | "Enter") => void;
  /** A blank option that one deletes once more. */
  readonly onErase: () => void;
}

/** One option of a command: its name, and a field whose choices stand above the composer. */
export function OptionField(props: Props): VNode {
  const { option, entry, isActive, isMissing, onActivate, onType } = props;
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  useFocusWhen(field, isActive);
  const classes = ["dc-pill", isActive ? "dc-pill-active" : "", isMissing ? "dc-pill-missing" : ""];
  return (
    <span class={classes.join(" ")}>
      <label class="dc-pill-name" for={`${id}-field`}>
        {option.name}
        {option.required === true && <span aria-hidden="true">*</span>}
      </label>
      {isActive ? (
        <ActiveField {...props} id={id} field={field} />
      ) : (
        <input
          id={`${id}-field`}
          class="dc-pill-field"
          value={entry.text}
          size={widthOf(entry.text)}
          aria-required={option.required === true}
          aria-invalid={isMissing}
          onFocus={onActivate}
          onInput={({ currentTarget }) => onType(currentTarget.value)}
        />
      )}
    </span>
  );
}

type ActiveProps = Props & { readonly id: string; readonly field: RefObject<HTMLInputElement | null> };

function ActiveField(props: ActiveProps): VNode {
  const { id, field, option, entry, isMissing, source, onType, onTake } = props;
  const [chosen, setActive] = useState<number | null>(null);
  const [isClosed, setClosed] = useState(false);
  const choices = useChoices({ source }, entry.value === null ? entry.text : "");
  const isOpen = !isClosed && (typeof source === "function" || source.length > 0);
  const flat = isOpen ? choices.groups.flatMap((group) => group.choices) : [];
  const active = chosen ?? firstActive(option, entry);
  const type = (text: string): void => {
    setActive(null);
    setClosed(false);
    onType(text);
  };
  const keys = { ...props, flat, active, setActive, close: () => setClosed(true), isOpen };
  return (
    <>
      <input
        ref={field}
        id={`${id}-field`}
        class="dc-pill-field"
        autoComplete="off"
        {...comboboxOf(id, { isOpen, active: flat[active] ? active : -1 })}
        aria-describedby={`${id}-about`}
        aria-required={option.required === true}
        aria-invalid={isMissing}
        value={entry.text}
        size={widthOf(entry.text)}
        onInput={({ currentTarget }) => type(currentTarget.value)}
        onKeyDown={(event) => handleKey(event, keys)}
      />
      <OptionMenu
        {...{ id, option, choices, active, isMissing, isOpen }}
        onHover={setActive}
        onPick={onTake}
      />
    </>
  );
}

/** Enter takes the first choice, but where nothing is typed and nothing is needed: there it sends the command. */
function firstActive({ required }: CommandOption, { text }: OptionEntry): number {
  return required === true || text.trim() !== "" ? 0 : -1;
}

function comboboxOf(id: string, { isOpen, active }: { isOpen: boolean; active: number }) {
  return {
    role: "combobox",
    "aria-expanded": isOpen,
    "aria-autocomplete": "list",
    "aria-controls": `${id}-list`,
    "aria-activedescendant": active >= 0 ? `${id}-${active}` : undefined,
  } as const;
}

function useFocusWhen(field: RefObject<HTMLInputElement | null>, isActive: boolean): void {
  useLayoutEffect(() => {
    const { current } = field;
    if (!isActive || !current) return;
    current.focus();
    current.setSelectionRange(current.value.length, current.value.length);
  }, [isActive]);
}

function widthOf(text: string): number {
  return Math.min(Math.max(text.length + 1, 6), 48);
}

interface Keys extends ActiveProps {
  readonly flat: readonly Choice[];
  readonly active: number;
  readonly setActive: (index: number) => void;
  readonly isOpen: boolean;
  readonly close: () => void;
}

function handleKey(event: KeyboardEvent, keys: Keys): void {
  const { flat, active, setActive, entry, isOpen, close, onTake, onLeave, onErase } = keys;
  const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (move !== undefined && flat.length > 0) {
    event.preventDefault();
    setActive((Math.max(active, move > 0 ? -1 : 0) + move + flat.length) % flat.length);
  } else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) {
    event.preventDefault();
    const choice = entry.value === null ? flat[active] : undefined;
    if (choice) onTake(choice);
    else onLeave(event.key);
  } else if (event.key === "Escape" && isOpen) {
    event.stopPropagation();
    close();
  } else if (event.key === "Backspace" && entry.text === "") {
    event.preventDefault();
    onErase();
  }
}
