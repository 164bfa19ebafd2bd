import type { VNode } from "preact";
import type { Choice } from "../../elements/choice.ts";
import { Options } from "../../elements/picker-options.tsx";
import type { Choices } from "../../elements/use-choices.ts";
import type { CommandOption } from "./command-entries.ts";

interface Props {
  readonly id: string;
  readonly option: CommandOption;
  readonly choices: Choices;
  readonly active: number;
  readonly isMissing: boolean;
  /** Whether there are choices; what the option is for is said in any case. */
  readonly isOpen: boolean;
  readonly onHover: (index: number) => void;
  readonly onPick: (choice: Choice) => void;
}

/** Above the composer: what the option is for, and what can be chosen. */
export function OptionMenu({
  id,
  option,
  choices,
  active,
  isMissing,
  isOpen,
  onHover,
  onPick,
}: Props): VNode {
  return (
    <div class="suggestions dc-option-menu">
      <div class="dc-option-about" id={`${id}-about`}>
        <strong>{option.name}</strong> {option.description}
        {option.required === true && <span class="dc-option-required"> Required</span>}
      </div>
      {isMissing && (
        <p class="dc-option-missing" role="alert">
          This option is required. Specify a value.
        </p>
      )}
      {isOpen && (
        <Options
          id={id}
          label={option.name}
          choices={choices}
          current={active}
          isChosen={() => false}
          onHover={onHover}
          onPick={onPick}
        />
      )}
    </div>
  );
}
