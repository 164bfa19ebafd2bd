import type { VNode } from "preact";
import type { Block } from "../../../../slack/blocks/block.ts";
import { Icon, type IconName } from "../../draw/icon.tsx";
import { TextView } from "../text/text-object.tsx";

type Alert = Extract<Block, { type: "alert" }>;
type Level = NonNullable<Alert["level"]>;

const looks: Readonly<Record<Level, { icon: IconName; word: string }>> = {
  default: { icon: "info", word: "Note" },
  info: { icon: "info", word: "Info" },
  success: { icon: "check", word: "Success" },
  warning: { icon: "alert", word: "Warning" },
  error: { icon: "alert", word: "Error" },
};

/** A notice whose weight is a sign and a word besides its colour. */
export function AlertBlock({ block }: { block: Alert }): VNode {
  const level = block.level ?? "default";
  return (
    <div class={`block alert alert-${level}`} role="note">
      <Icon name={looks[level].icon} size={18} />
      <div>
        <strong class="alert-word">{looks[level].word}</strong>
        <TextView text={block.text} />
      </div>
    </div>
  );
}
