import type { VNode } from "preact";
import type { Component } from "../../../../discord/index.ts";
import { Markdown } from "../text/markdown.tsx";
import { Button } from "./button.tsx";
import { Container } from "./container.tsx";
import { FileCard } from "./file-card.tsx";
import { Gallery, Thumbnail } from "./media.tsx";
import { MessageSelect } from "./message-select.tsx";
import { Section } from "./section.tsx";

/** Components one below the other. */
export function Components({ components }: { components: readonly Component[] }): VNode {
  return (
    <>
      {components.map((component) => (
        <ComponentView key={component.id} component={component} />
      ))}
    </>
  );
}

/** A component that holds others. */
function ComponentView({ component }: { component: Component }): VNode | null {
  switch (component.type) {
    case 1:
      return (
        <div class="dc-row">
          <Components components={component.components} />
        </div>
      );
    case 9:
      return (
        <Section section={component}>
          <ComponentView component={component.accessory} />
        </Section>
      );
    case 17:
      return (
        <Container container={component}>
          <Components components={component.components} />
        </Container>
      );
    default:
      return <PartView part={component} />;
  }
}

/** A single part; those of forms alone are drawn there. */
function PartView({ part }: { part: Exclude<Component, { type: 1 | 9 | 17 }> }): VNode | null {
  switch (part.type) {
    case 2:
      return <Button button={part} />;
    case 3:
    case 5:
    case 6:
    case 7:
    case 8:
      return <MessageSelect select={part} />;
    case 10:
      return <Markdown source={part.content} />;
    case 11:
      return <Thumbnail thumbnail={part} />;
    case 12:
      return <Gallery gallery={part} />;
    case 13:
      return <FileCard url={part.file.url} />;
    case 14:
      return <Separator divider={part.divider !== false} isLarge={part.spacing === 2} />;
    case 4:
    case 18:
    case 19:
    case 21:
    case 22:
    case 23:
      return null;
  }
}

function Separator({ divider, isLarge }: { divider: boolean; isLarge: boolean }): VNode {
  const size = isLarge ? "dc-separator dc-separator-large" : "dc-separator";
  return divider ? <hr class={size} /> : <div class={`${size} dc-separator-blank`} />;
}
