import { useMemo, useRef, useState } from "preact/hooks";
import type { OpenView } from "../../../../slack/index.ts";
import type { Host } from "../elements/host.ts";
import { type PersonAction, useAct } from "../store/use-act.ts";

/** The form as the place of its elements, and how to send what is typed but not sent yet. */
export function useFormHost(view: OpenView): { host: Host; sendHeldBack: () => Promise<void> } {
  const act = useAct();
  const held = useRef(new Map<string, () => Promise<unknown>>());
  const [corrected, setCorrected] = useState<{ of: object; blocks: ReadonlySet<string> }>(nothing);
  const errors = hideCorrected(view.errors, corrected);
  const host = useMemo((): Host => {
    const note = (element: string): void => {
      const blocks = blocksNamed(view, element);
      setCorrected(({ of, blocks: before }) => ({
        of: view.errors,
        blocks: new Set([...(of === view.errors ? before : []), ...blocks]),
      }));
    };
    return {
      place: { view: view.wire.id },
      blocks: view.wire.blocks,
      values: view.wire.state.values,
      errors,
      act: (action) => {
        if (isEntry(action)) note(action.element);
        return act(action);
      },
      holdBack: (key, send) => void (send ? held.current.set(key, send) : held.current.delete(key)),
    };
  }, [view, errors, act]);
  const sendHeldBack = async (): Promise<void> => {
    setCorrected(nothing);
    await Promise.all([...held.current.values()].map((send) => send()));
  };
  return { host, sendHeldBack };
}

const nothing = { of: {}, blocks: new Set<string>() };

/** An error goes as soon as its field is changed, as in Slack; the app may find it again. */
function hideCorrected(
  errors: OpenView["errors"],
  corrected: { readonly blocks: ReadonlySet<string> },
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(errors).filter(([blockId]) => !corrected.blocks.has(blockId)));
}

function isEntry(action: PersonAction): action is Extract<PersonAction, { type: "choose" | "type" }> {
  return action.type === "choose" || action.type === "type";
}

function blocksNamed({ wire }: OpenView, element: string): string[] {
  return wire.blocks.flatMap((block) => {
    if (block.type !== "input") return [];
    const isIt = block.block_id === element || block.element.action_id === element;
    return isIt ? [block.block_id ?? ""] : [];
  });
}
