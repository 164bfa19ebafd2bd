import type { VNode } from "preact";
import type { Choice } from "../../elements/choice.ts";
import { useDirectory } from "../../store/context.ts";
import { useAct } from "../store/use-act.ts";
import {
  type CommandDraft,
  commandValues,
  enterText,
  entryOf,
  furtherOptions,
  goTo,
  missingOptions,
  shownOptions,
  takeChoice,
} from "./command-draft.ts";
import type { CommandOption } from "./command-entries.ts";
import { FurtherOptions } from "./further-options.tsx";
import { OptionField } from "./option-field.tsx";
import { sourceOf } from "./option-source.ts";

interface Props {
  readonly channelId: string;
  readonly draft: CommandDraft;
  readonly onChange: (draft: CommandDraft) => void;
  /** Sent, or given up with what then stands in the composer. */
  readonly onEnd: (text: string) => void;
}

/** A command with its options, in place of the text field. Enter sends it, Escape gives it up. */
export function CommandComposer(props: Props): VNode {
  const { draft, onChange, onEnd } = props;
  const send = useSender(props);
  const giveUp = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    onEnd("");
  };
  return (
    <div class="composer-frame" role="group" aria-label={`Command /${draft.name}`} onKeyDown={giveUp}>
      <div class="composer dc-command">
        <span class="dc-command-name">/{draft.name}</span>
        {shownOptions(draft).map((option) => (
          <OneField key={option.name} {...props} option={option} onSend={send} />
        ))}
        <FurtherOptions
          options={furtherOptions(draft)}
          isActive={draft.active === null}
          onActivate={() => onChange(goTo(draft, null))}
          onAdd={(name) => onChange(goTo(draft, name))}
          onErase={() => goBack(props, shownOptions(draft).at(-1))}
          onSend={send}
        />
      </div>
    </div>
  );
}

/** Sends the command, or goes to the first option that is missing. */
function useSender({ channelId, draft, onChange, onEnd }: Props): () => void {
  const act = useAct();
  return () => {
    const [missing] = missingOptions(draft);
    if (missing) return onChange({ ...goTo(draft, missing.name), isChecked: true });
    const options = commandValues(draft);
    void act({ type: "command", channel: channelId, text: `/${draft.name}`, options });
    onEnd("");
  };
}

/** To the option before, or out of the command where there is none. */
function goBack({ draft, onChange, onEnd }: Props, before: CommandOption | undefined): void {
  if (before) onChange(goTo(draft, before.name));
  else onEnd(`/${draft.name}`);
}

type FieldProps = Props & { readonly option: CommandOption; readonly onSend: () => void };

function OneField(props: FieldProps): VNode {
  const { channelId, draft, option, onChange, onSend } = props;
  const directory = useDirectory();
  const act = useAct();
  const { name } = option;
  const shown = shownOptions(draft);
  const index = shown.indexOf(option);
  const leave = (by: "Tab" | "Enter"): void => {
    if (by === "Enter") onSend();
    else onChange(goTo(draft, shown[index + 1]?.name ?? null));
  };
  const take = ({ label, value }: Choice): void => onChange(takeChoice(draft, name, { text: label, value }));
  return (
    <OptionField
      option={option}
      entry={entryOf(draft, name)}
      source={sourceOf(option, { draft, channelId, directory, act })}
      isActive={draft.active === name}
      isMissing={draft.isChecked && missingOptions(draft).includes(option)}
      onActivate={() => onChange(goTo(draft, name))}
      onType={(text) => onChange(enterText(draft, name, text))}
      onTake={take}
      onLeave={leave}
      onErase={() => goBack(props, shown[index - 1])}
    />
  );
}
