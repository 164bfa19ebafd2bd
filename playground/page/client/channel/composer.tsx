import type { VNode } from "preact";
import { useId, useRef } from "preact/hooks";
import type { CommandHint } from "../../page-settings.ts";
import { ComposerTools } from "./composer-tools.tsx";
import type { ListPlace } from "./message-list.tsx";
import { commandHint } from "./suggest-text.ts";
import { SuggestionList } from "./suggestion-list.tsx";
import { useComposer } from "./use-composer.ts";
import { useFirstFocus, useGrowingField } from "./use-growing-field.ts";

interface Props {
  readonly place: ListPlace;
  readonly placeholder: string;
  readonly commands: readonly CommandHint[];
}

/** Where one writes. Enter sends, Shift and Enter begins a new line, a slash shows the commands. */
export function Composer({ place, placeholder, commands }: Props): VNode {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const { text, change, submit, suggestions, active, setActive, onKeyDown } = useComposer(place, commands);
  const isChannel = place.threadTs === undefined;
  useGrowingField(field, text);
  useFirstFocus(field, isChannel);
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
        <Hint hint={isChannel ? commandHint(text, commands) : undefined} />
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
        <ComposerTools text={text} hasCommands={isChannel} onChange={changeFrom} onSend={submit} />
      </div>
    </div>
  );
}

function Hint({ hint }: { hint: CommandHint | undefined }): VNode | null {
  if (!hint) return null;
  return (
    <div class="composer-hint">
      <code>{hint.usage}</code> {hint.description}
    </div>
  );
}
