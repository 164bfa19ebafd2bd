import type { ComponentChildren, VNode } from "preact";
import { useId, useRef } from "preact/hooks";
import { SuggestionList } from "./suggestion-list.tsx";
import type { ComposerState } from "./use-composer.ts";
import { useFirstFocus, useGrowingField } from "./use-growing-field.ts";

interface Props {
  readonly composer: ComposerState;
  readonly placeholder: string;
  /** Whether one can type at once when the place opens. */
  readonly takesFocus: boolean;
  readonly above?: ComponentChildren;
  /** The buttons below the field; what they change keeps the focus in it. */
  readonly tools?: (change: (text: string) => void) => ComponentChildren;
}

/** Where one writes. Enter sends, Shift and Enter begins a new line; what is offered stands above. */
export function WritingField({ composer, placeholder, takesFocus, above, tools }: Props): VNode {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const { text, change, suggestions, active, setActive, onKeyDown } = composer;
  useGrowingField(field, text);
  useFirstFocus(field, takesFocus);
  const changeFrom = (next: string): void => {
    change(next);
    field.current?.focus();
  };
  return (
    <div class="composer-frame">
      {suggestions && (
        <SuggestionList {...{ id, suggestions, active }} onHover={setActive} onPick={changeFrom} />
      )}
      <div class="composer">
        {above}
        <textarea
          ref={field}
          class="composer-field"
          rows={1}
          aria-label={placeholder}
          aria-controls={suggestions ? `${id}-list` : undefined}
          aria-activedescendant={suggestions ? `${id}-${active}` : undefined}
          placeholder={placeholder}
          value={text}
          onInput={({ currentTarget }) => change(currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        {tools?.(changeFrom)}
      </div>
    </div>
  );
}
