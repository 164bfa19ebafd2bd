import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { Icon, Spinner } from "../draw/icon.tsx";
import type { Choice, ChoiceGroup } from "./choice.ts";
import { PickerMenu } from "./picker-menu.tsx";

export interface PickerProps {
  readonly label: string;
  readonly placeholder: string;
  readonly chosen: readonly Choice[];
  readonly actionId: string;
  readonly isMulti?: boolean;
  readonly isBusy?: boolean;
  readonly isInvalid?: boolean;
  readonly isDisabled?: boolean;
  readonly describedBy?: string | undefined;
  /** All there is to choose; or what is there for a typed text. */
  readonly source: readonly ChoiceGroup[] | ((typed: string) => Promise<readonly ChoiceGroup[]>);
  /** Characters to type before anything is loaded. */
  readonly minimum?: number;
  readonly focusOnLoad?: boolean | undefined;
  readonly onPick: (choice: Choice) => void;
  /** The list was open and is not any more. */
  readonly onClosed?: () => void;
}

/** A select: a button that opens a list one can search. */
export function Picker(props: PickerProps): VNode {
  const [isOpen, setOpen] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const close = (refocus: boolean): void => {
    setOpen(false);
    latest.current.onClosed?.();
    if (refocus) trigger.current?.focus();
  };
  const pick = (choice: Choice): void => {
    props.onPick(choice);
    if (props.isMulti !== true) close(true);
  };
  return (
    <div class="picker">
      <button
        ref={trigger}
        type="button"
        class="picker-trigger"
        aria-haspopup="listbox"
        aria-expanded={isOpen}
        aria-label={triggerLabel(props)}
        aria-invalid={props.isInvalid}
        aria-describedby={props.describedBy}
        aria-busy={props.isBusy}
        disabled={props.isDisabled}
        data-action-id={props.actionId}
        data-focus-on-load={props.focusOnLoad}
        onClick={() => (isOpen ? close(false) : setOpen(true))}
        onKeyDown={(event) => openByKey(event, () => setOpen(true))}
      >
        <Shown {...props} />
        {props.isBusy === true ? <Spinner size={14} /> : <Icon name="chevron" size={14} />}
      </button>
      {isOpen && <PickerMenu {...props} trigger={trigger} onPick={pick} onClose={close} />}
    </div>
  );
}

function Shown({ chosen, placeholder, isMulti }: PickerProps): VNode {
  if (chosen.length === 0) return <span class="picker-placeholder">{placeholder}</span>;
  if (isMulti !== true) return <span class="picker-value">{chosen[0]?.label}</span>;
  return (
    <span class="picker-chips">
      {chosen.map(({ value, label }) => (
        <span class="picker-chip" key={value}>
          {label}
        </span>
      ))}
    </span>
  );
}

function triggerLabel({ label, chosen, placeholder }: PickerProps): string {
  return `${label}: ${chosen.map((choice) => choice.label).join(", ") || placeholder}`;
}

function openByKey(event: KeyboardEvent, open: () => void): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  open();
}
