import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { Picker } from "../../elements/picker.tsx";
import { useDirectory } from "../../store/context.ts";
import { useAct } from "../store/use-act.ts";
import { useMessageHost } from "./message-host.ts";
import { boundsOf, choicesOf, chosenOf, pickedValues, type SelectPart } from "./select-choices.ts";

/** A select of a message. One choice is sent at once, several when the list closes. */
export function MessageSelect({ select }: { select: SelectPart }): VNode {
  const { channelId: channel, messageId: message } = useMessageHost();
  const act = useAct();
  const groups = choicesOf(select, useDirectory());
  const [values, setValues] = useState(() => defaultsOf(select));
  const sent = useRef(values);
  const [isBusy, setBusy] = useState(false);
  const { least, most } = boundsOf(select);
  const send = async (chosen: readonly string[]): Promise<void> => {
    if (chosen === sent.current || chosen.length < least) return;
    sent.current = chosen;
    setBusy(true);
    await act({ type: "choose", channel, message, select: select.custom_id, values: [...chosen] });
    setBusy(false);
  };
  const pick = (value: string): void => {
    const next = most === 1 ? [value] : pickedValues(values, value, { least, most });
    setValues(next);
    if (most === 1) void send(next);
  };
  const words = select.placeholder ?? (most === 1 ? "Make a selection" : "Make selections");
  return (
    <div class="dc-select">
      <Picker
        label={words}
        placeholder={words}
        chosen={chosenOf(groups, values)}
        actionId={select.custom_id}
        isMulti={most > 1}
        isBusy={isBusy}
        isDisabled={select.disabled === true}
        source={groups}
        onPick={({ value }) => pick(value)}
        onClosed={() => void send(values)}
      />
    </div>
  );
}

function defaultsOf(select: SelectPart): readonly string[] {
  if (select.type !== 3) return (select.default_values ?? []).map(({ id }) => id);
  return select.options.filter((option) => option.default === true).map(({ value }) => value);
}
