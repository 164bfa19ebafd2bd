import type { ComponentChildren, VNode } from "preact";
import type { Component } from "../../../../discord/index.ts";
import { Markdown } from "../text/markdown.tsx";

interface Props {
  readonly section: Extract<Component, { type: 9 }>;
  /** The accessory. */
  readonly children: ComponentChildren;
}

/** Texts with a button or a picture beside them. */
export function Section({ section, children }: Props): VNode {
  return (
    <div class="dc-section">
      <div class="dc-section-texts">
        {section.components.map(({ id, content }) => (
          <Markdown key={id} source={content} />
        ))}
      </div>
      <div class="dc-section-accessory">{children}</div>
    </div>
  );
}
