import { type ComponentChildren, Fragment, type VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../draw/icon.tsx";
import { useActions, useDirectory } from "../store/context.ts";
import { lastRead, type Reads } from "../store/reads.ts";
import { dayName } from "../text/format-date.ts";
import { useStickyScroll } from "./use-sticky-scroll.ts";

/** One line of the list. */
export interface ListEntry {
  readonly id: string;
  /** The day to announce above it. */
  readonly day: Date | null;
  /** What the reader did not write and did not ask for. */
  readonly isNews: boolean;
  readonly node: ComponentChildren;
}

interface Props {
  readonly reads: Reads;
  /** As in `placeKey`. */
  readonly place: string;
  readonly entries: readonly ListEntry[];
  readonly intro?: ComponentChildren;
}

/** Messages from old to new. It follows the newest as long as the reader is at the end. */
export function ScrollList({ reads, place, entries, intro }: Props): VNode {
  const { meId } = useDirectory();
  const [readBefore] = useState(lastRead(reads, meId, place));
  const firstNew = entries.find(({ id, isNews }) => isNews && id > readBefore);
  const { scroller, isAtEnd, goToEnd } = useStickyScroll();
  useMarkRead(place, isAtEnd ? entries.at(-1)?.id : undefined);
  useOwnMessage(entries.at(-1), goToEnd);
  return (
    <div class="list-frame">
      <div class="list" ref={scroller} tabIndex={0} role="log" aria-label="Messages">
        <div class="list-content">
          {intro}
          {entries.map((entry) => (
            <Fragment key={entry.id}>
              {entry.day && <DayLine day={entry.day} />}
              {readBefore !== "" && entry === firstNew && <NewLine />}
              {entry.node}
            </Fragment>
          ))}
        </div>
      </div>
      {!isAtEnd && (
        <button type="button" class="jump" onClick={goToEnd}>
          <Icon name="down" size={14} /> Newest messages
        </button>
      )}
    </div>
  );
}

function useMarkRead(key: string, id: string | undefined): void {
  const { dispatch } = useActions();
  useEffect(() => {
    if (id !== undefined) dispatch({ type: "read", key, id });
  }, [key, id]);
}

/** Whoever writes wants to see it. */
function useOwnMessage(last: ListEntry | undefined, goToEnd: () => void): void {
  const isOwn = last?.isNews === false;
  useEffect(() => {
    if (isOwn) goToEnd();
  }, [last?.id, isOwn]);
}

function DayLine({ day }: { day: Date }): VNode {
  return (
    <div class="day" role="separator">
      <span>{dayName(day, { now: new Date() })}</span>
    </div>
  );
}

function NewLine(): VNode {
  return (
    <div class="new-line" role="separator">
      <span>New</span>
    </div>
  );
}
