import { useActions, useDirectory } from "../../store/context.ts";
import { useAct } from "../store/use-act.ts";
import { encodeMessage } from "../text/encode-message.ts";
import type { ListPlace } from "./message-list.tsx";

/** Sends what a person typed: a slash command to the app, anything else as their message. */
export function useSender({ channelId, threadTs }: ListPlace): (typed: string) => void {
  const { dispatch } = useActions();
  const act = useAct();
  const directory = useDirectory();
  return (typed) => {
    const text = typed.trim();
    if (text.startsWith("/") && threadTs !== undefined) {
      const title = `${text.split(" ")[0]} is not supported in threads`;
      dispatch({ type: "toast", toast: { tone: "error", title, text: "Type it in the channel instead." } });
    } else if (text.startsWith("/")) {
      void act({ type: "command", channel: channelId, text });
    } else if (text !== "") {
      const thread = threadTs === undefined ? {} : { thread: threadTs };
      void act({ type: "say", channel: channelId, text: encodeMessage(text, directory), ...thread });
    }
  };
}
