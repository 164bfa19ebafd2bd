import { useEffect, useState } from "preact/hooks";
import { type ChoiceGroup, filterGroups } from "./choice.ts";
import type { PickerProps } from "./picker.tsx";

export interface Choices {
  readonly state: "ready" | "loading" | "empty";
  readonly hint: string;
  readonly groups: readonly ChoiceGroup[];
}

/** Waits until a person stops typing, before the app is asked. */
const pauseMs = 200;

/** What a menu offers for a typed text: filtered here, or asked for where the app loads it. */
export function useChoices(
  { source, minimum = 0 }: Pick<PickerProps, "source" | "minimum">,
  typed: string,
): Choices {
  const [loaded, setLoaded] = useState<readonly ChoiceGroup[] | null>(null);
  const isLoaded = typeof source === "function";
  const isShort = typed.length < minimum;
  useEffect(() => {
    if (!isLoaded || isShort) return;
    let isStale = false;
    setLoaded(null);
    const timer = setTimeout(
      () => void source(typed).then((groups) => isStale || setLoaded(groups)),
      typed === "" ? 0 : pauseMs,
    );
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [typed, isLoaded, isShort]);
  if (!isLoaded) return ready(filterGroups(source, typed));
  if (isShort) return { state: "empty", hint: `Type ${minimum} or more characters`, groups: [] };
  return loaded ? ready(loaded) : { state: "loading", hint: "Loading…", groups: [] };
}

function ready(groups: readonly ChoiceGroup[]): Choices {
  const isEmpty = groups.every(({ choices }) => choices.length === 0);
  return isEmpty ? { state: "empty", hint: "No results", groups } : { state: "ready", hint: "", groups };
}
