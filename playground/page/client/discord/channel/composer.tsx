import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { suggestPeople } from "../../channel/suggest-people.ts";
import { useComposer } from "../../channel/use-composer.ts";
import { useDraft } from "../../channel/use-draft.ts";
import { WritingField } from "../../channel/writing-field.tsx";
import { useDirectory } from "../../store/context.ts";
import { CommandComposer } from "../commands/command-composer.tsx";
import { beginCommand, type CommandDraft, startedCommand } from "../commands/command-draft.ts";
import { commandEntries, suggestCommands } from "../commands/command-entries.ts";
import type { DiscordState } from "../store/discord-state.ts";
import { useAct } from "../store/use-act.ts";
import { encodeMessage } from "../text/encode-message.ts";

interface Props {
  readonly state: DiscordState;
  readonly channelId: string;
  readonly placeholder: string;
  readonly takesFocus?: boolean;
}

/** Where one writes. A slash shows the commands; one that is chosen takes the place of the text. */
export function Composer({ state, channelId, placeholder, takesFocus = false }: Props): VNode {
  const key = `${state.actingAs} ${channelId}`;
  const [command, setCommand] = useDraft<CommandDraft | null>(`${key} command`, null);
  const hadCommand = useRef(false);
  const composer = useTextComposer({ state, channelId, begin: setCommand });
  const { text, change } = composer;
  useLayoutEffect(() => {
    const started = startedCommand(text, commandEntries(state.discord, state.actingAs));
    if (!started) return;
    setCommand(started);
    change("");
  }, [text]);
  hadCommand.current ||= command !== null;
  if (command) {
    const end = (rest: string): void => {
      setCommand(null);
      change(rest);
    };
    return <CommandComposer channelId={channelId} draft={command} onChange={setCommand} onEnd={end} />;
  }
  return (
    <WritingField
      composer={composer}
      placeholder={placeholder}
      takesFocus={takesFocus || hadCommand.current}
    />
  );
}

interface TextRules extends Pick<Props, "state" | "channelId"> {
  readonly begin: (command: CommandDraft) => void;
}

function useTextComposer({ state, channelId, begin }: TextRules) {
  const act = useAct();
  const directory = useDirectory();
  const entries = commandEntries(state.discord, state.actingAs);
  return useComposer({
    draftKey: `${state.actingAs} ${channelId}`,
    suggest: (text) => suggestCommands(text, entries) ?? suggestPeople(text, directory),
    send: (typed) => {
      const entry = entries.find(({ name }) => typed.trim() === `/${name}`);
      if (entry) return begin(beginCommand(entry));
      void act({ type: "say", channel: channelId, text: encodeMessage(typed.trim(), directory) });
    },
  });
}
