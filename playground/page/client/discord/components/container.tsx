import type { ComponentChildren, VNode } from "preact";
import { useState } from "preact/hooks";
import type { Component } from "../../../../discord/index.ts";
import { hexColor } from "../store/make-directory.ts";

interface Props {
  readonly container: Extract<Component, { type: 17 }>;
  readonly children: ComponentChildren;
}

/** A framed group with a bar of its colour at the side. */
export function Container({ container, children }: Props): VNode {
  const [isShown, setShown] = useState(container.spoiler !== true);
  const { accent_color: accent } = container;
  const hasBar = accent !== null && accent !== undefined;
  return (
    <div
      class={hasBar ? "dc-container dc-container-accent" : "dc-container"}
      style={hasBar ? { borderLeftColor: hexColor(accent) } : undefined}
    >
      {isShown ? (
        children
      ) : (
        <button type="button" class="dc-reveal" onClick={() => setShown(true)}>
          Show the spoiler
        </button>
      )}
    </div>
  );
}
