import type { VNode } from "preact";
import { GodwitPicture } from "../draw/godwit-picture.tsx";
import type { Suggestions } from "./suggestions.ts";

interface Props {
  readonly id: string;
  readonly suggestions: Suggestions;
  readonly active: number;
  readonly onHover: (index: number) => void;
  readonly onPick: (completed: string) => void;
}

/** Commands or people above the composer. */
export function SuggestionList({ id, suggestions, active, onHover, onPick }: Props): VNode {
  const isCommands = suggestions.heading === "Godwit";
  return (
    <div class="suggestions">
      <div class="suggestions-heading">
        {isCommands && <GodwitPicture size={18} />} {suggestions.heading}
      </div>
      <div role="listbox" id={`${id}-list`} aria-label={suggestions.heading}>
        {suggestions.items.map((item, index) => (
          <div
            key={item.key}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            class={index === active ? "suggestion suggestion-active" : "suggestion"}
            onPointerMove={() => index === active || onHover(index)}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onPick(item.completed)}
          >
            <strong>{item.title}</strong>
            {item.options?.map(({ name, isRequired }) => (
              <code
                key={name}
                class={isRequired ? "suggestion-option suggestion-needs" : "suggestion-option"}
              >
                {name}
                {isRequired && <span class="visually-hidden"> (required)</span>}
              </code>
            ))}
            <span>{item.description}</span>
          </div>
        ))}
      </div>
      <div class="suggestions-keys">
        <kbd>↑</kbd> <kbd>↓</kbd> to choose, <kbd>Enter</kbd> to take
      </div>
    </div>
  );
}
