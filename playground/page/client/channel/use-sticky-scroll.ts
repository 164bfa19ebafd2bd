import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** How near the end still counts as the end. */
const nearPx = 60;

interface StickyScroll {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly isAtEnd: boolean;
  readonly goToEnd: () => void;
}

/** A scrolling box that stays at its end while its content or the window changes, until the reader scrolls up. */
export function useStickyScroll(): StickyScroll {
  const scroller = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const [isAtEnd, setAtEnd] = useState(true);
  const follow = (isFollowing: boolean): void => {
    follows.current = isFollowing;
    setAtEnd(isFollowing);
    if (isFollowing) scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  };
  useEffect(() => {
    const box = scroller.current;
    return box ? watch(box, { isFollowing: () => follows.current, follow }) : undefined;
  }, []);
  return { scroller, isAtEnd, goToEnd: () => follow(true) };
}

interface Following {
  readonly isFollowing: () => boolean;
  readonly follow: (isFollowing: boolean) => void;
}

/** A scroll without a change of size is the reader's own. */
function watch(box: HTMLElement, { isFollowing, follow }: Following): () => void {
  let size = "";
  const measure = (): string => `${box.scrollHeight}/${box.clientHeight}/${box.clientWidth}`;
  const growth = new ResizeObserver(() => {
    size = measure();
    if (isFollowing()) follow(true);
  });
  const onScroll = (): void => {
    const isOwn = measure() === size;
    const isNear = box.scrollHeight - box.scrollTop - box.clientHeight < nearPx;
    if (isOwn && isNear !== isFollowing()) follow(isNear);
  };
  growth.observe(box);
  for (const content of box.children) growth.observe(content);
  box.addEventListener("scroll", onScroll);
  return () => {
    growth.disconnect();
    box.removeEventListener("scroll", onScroll);
  };
}
