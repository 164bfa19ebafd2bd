import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Block } from "../../../../slack/blocks/block.ts";
import { plainString } from "../text/text-object.tsx";

interface ImageLike {
  readonly alt_text: string;
  readonly image_url?: string | undefined;
}

/** A picture with its title. */
export function ImageBlock({ block }: { block: Extract<Block, { type: "image" }> }): VNode {
  return (
    <figure class="block block-image">
      {block.title && <figcaption>{plainString(block.title)}</figcaption>}
      <Picture image={block} className="picture" />
    </figure>
  );
}

/** A picture from https or data; its description stands in for one that cannot be shown. */
export function Picture({ image, className }: { image: ImageLike; className: string }): VNode {
  const [isBroken, setBroken] = useState(false);
  const url = image.image_url ?? "";
  const isShown = !isBroken && /^(?:https:|data:image\/(?:png|jpeg|gif|webp|svg\+xml)[;,])/i.test(url);
  if (!isShown) return <span class={`${className} picture-missing`}>{image.alt_text}</span>;
  return (
    <img
      class={className}
      src={url}
      alt={image.alt_text}
      referrerPolicy="no-referrer"
      onError={() => setBroken(true)}
    />
  );
}
