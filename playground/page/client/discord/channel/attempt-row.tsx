import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Avatar } from "../../draw/avatar.tsx";
import { Icon } from "../../draw/icon.tsx";
import { useDirectory } from "../../store/context.ts";
import type { InteractionState } from "../store/timeline.ts";
import { Author, TimeOf } from "./author.tsx";
import { OnlyYou } from "./message-row.tsx";
import { CommandLine } from "./origin-line.tsx";

/** Most commands are answered before this; a line that comes and goes would only flicker. */
const quietMs = 500;

/** A command without an answer: it is on its way, or the app did not respond. */
export function AttemptRow({ interaction }: { interaction: InteractionState }): VNode | null {
  const { botUserId } = useDirectory();
  const { id, state, userId, commandName, createdAtMs } = interaction;
  const isQuiet = useQuietTime();
  const hasFailed = state === "failed";
  if (isQuiet && !hasFailed) return null;
  return (
    <article class={hasFailed ? "dc-message dc-ephemeral" : "dc-message"} data-id={id}>
      <CommandLine userId={userId} commandName={commandName} />
      <div class="dc-side">
        <Avatar userId={botUserId} size={40} />
      </div>
      <div class="dc-main">
        <div class="dc-message-header">
          <Author userId={botUserId} />
          <TimeOf date={new Date(createdAtMs)} />
        </div>
        {hasFailed ? (
          <>
            <p class="dc-failed" role="alert">
              <Icon name="alert" size={14} /> The application did not respond
            </p>
            <OnlyYou id={id} />
          </>
        ) : (
          <p class="dc-thinking" role="status">
            Sending command…
          </p>
        )}
      </div>
    </article>
  );
}

function useQuietTime(): boolean {
  const [isQuiet, setQuiet] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => setQuiet(false), quietMs);
    return () => clearTimeout(timer);
  }, []);
  return isQuiet;
}
