import type { VNode } from "preact";
import type { CommandHint } from "../../../page-settings.ts";
import { useComposer } from "../../channel/use-composer.ts";
import { WritingField } from "../../channel/writing-field.tsx";
import { useDirectory } from "../../store/context.ts";
import { ComposerTools } from "./composer-tools.tsx";
import type { ListPlace } from "./message-list.tsx";
import { commandHint, suggestFor } from "./suggest-text.ts";
import { useSender } from "./use-sender.ts";

interface Props {
  readonly place: ListPlace;
  readonly placeholder: string;
  readonly commands: readonly CommandHint[];
}

/** Where one writes; a slash shows the commands. */
export function Composer({ place, placeholder, commands }: Props): VNode {
  const directory = useDirectory();
  const composer = useComposer({
    draftKey: `${directory.meId} ${place.channelId} ${place.threadTs ?? ""}`,
    suggest: (text) => suggestFor(text, { commands, directory }),
    send: useSender(place),
  });
  const { text, submit } = composer;
  const isChannel = place.threadTs === undefined;
  return (
    <WritingField
      composer={composer}
      placeholder={placeholder}
      takesFocus={isChannel}
      above={<Hint hint={isChannel ? commandHint(text, commands) : undefined} />}
      tools={(change) => (
        <ComposerTools text={text} hasCommands={isChannel} onChange={change} onSend={submit} />
      )}
    />
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
