import type { VNode } from "preact";
import type { Component } from "../../../../discord/index.ts";

type ThumbnailPart = Extract<Component, { type: 11 }>;
type GalleryPart = Extract<Component, { type: 12 }>;

export function Thumbnail({ thumbnail }: { thumbnail: ThumbnailPart }): VNode {
  return <Picture url={thumbnail.media.url} description={thumbnail.description} className="dc-thumbnail" />;
}

export function Gallery({ gallery }: { gallery: GalleryPart }): VNode {
  return (
    <div class="dc-gallery">
      {gallery.items.map(({ media, description }, index) => (
        <Picture key={index} url={media.url} description={description} className="dc-picture" />
      ))}
    </div>
  );
}

interface PictureProps {
  readonly url: string;
  readonly description: string | null | undefined;
  readonly className: string;
}

/** A picture from the web; of any other there is only what it shows, in words. */
function Picture({ url, description, className }: PictureProps): VNode {
  const words = description ?? "a picture";
  if (!url.startsWith("https://")) return <span class={`${className} dc-picture-words`}>{words}</span>;
  return <img class={className} src={url} alt={words} loading="lazy" referrerpolicy="no-referrer" />;
}
