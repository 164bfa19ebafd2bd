import type { ComponentChildren, VNode } from "preact";
import { useActions } from "../store/context.ts";
import { linkTarget } from "./link-target.ts";

/** A link that can only lead to the web or to a message of this workspace; any other stays text. */
export function SafeLink({ url, children }: { url: string; children: ComponentChildren }): VNode {
  const { dispatch } = useActions();
  const target = linkTarget(url);
  if (target.kind === "none") return <>{children}</>;
  const open = (event: Event): void => {
    if (target.kind !== "message") return;
    event.preventDefault();
    dispatch({ type: "open-message", channelId: target.channelId, id: target.messageId });
  };
  return (
    <a class="link" href={target.href} target="_blank" rel="noopener noreferrer" onClick={open}>
      {children}
    </a>
  );
}
