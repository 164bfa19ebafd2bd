import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon, Spinner } from "../draw/icon.tsx";
import type { Choice } from "./choice.ts";
import type { Choices } from "./use-choices.ts";

interface OptionsProps {
  readonly id: string;
  readonly label: string;
  readonly choices: Choices;
  readonly current: number;
  readonly isChosen: (value: string) => boolean;
  readonly onHover: (index: number) => void;
  readonly onPick: (choice: Choice) => void;
}

/** The lines of a menu, under the headings of their groups. */
export function Options(props: OptionsProps): VNode {
  const { id, label, choices } = props;
  if (choices.state !== "ready") return <Hint choices={choices} />;
  let index = -1;
  return (
    <div class="picker-options" id={`${id}-list`} role="listbox" aria-label={label}>
      {choices.groups.map((group, position) => (
        <div key={position} role="group" aria-label={group.label}>
          {group.label !== undefined && <div class="picker-group">{group.label}</div>}
          {group.choices.map((choice) => {
            index += 1;
            return <OptionLine key={choice.value} {...props} choice={choice} index={index} />;
          })}
        </div>
      ))}
    </div>
  );
}

function Hint({ choices }: { choices: Choices }): VNode {
  return (
    <div class="picker-hint" role="status">
      {choices.state === "loading" && <Spinner size={14} />}
      {choices.hint}
    </div>
  );
}

function OptionLine(props: OptionsProps & { choice: Choice; index: number }): VNode {
  const { id, choice, index, current, isChosen, onHover, onPick } = props;
  const line = useRef<HTMLDivElement>(null);
  const isCurrent = index === current;
  useEffect(() => {
    if (isCurrent) line.current?.scrollIntoView({ block: "nearest" });
  }, [isCurrent]);
  return (
    <div
      ref={line}
      id={`${id}-${index}`}
      class={isCurrent ? "picker-option picker-option-current" : "picker-option"}
      role="option"
      aria-selected={isChosen(choice.value)}
      onPointerMove={() => isCurrent || onHover(index)}
      onPointerDown={(event) => event.preventDefault()}
      onClick={() => onPick(choice)}
    >
      <span class="picker-option-check">{isChosen(choice.value) && <Icon name="check" size={14} />}</span>
      <span class="picker-option-text">
        <span>{choice.label}</span>
        {choice.description !== undefined && <small>{choice.description}</small>}
      </span>
    </div>
  );
}
