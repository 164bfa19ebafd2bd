import { useState } from "preact/hooks";
import type { StateValue } from "../../../../slack/model.ts";
import { elementKey } from "./element-key.ts";
import { type Host, type Spot, useHost, valueOf } from "./host.ts";

export type Entered = string | number | readonly string[];

interface Entry {
  readonly host: Host;
  /** What Slack has stored. */
  readonly value: StateValue | undefined;
  /** What was entered and is on its way; shown at once. */
  readonly pending: Entered | undefined;
  readonly enter: (entered: Entered) => Promise<void>;
  readonly error: string | undefined;
}

/** The value of one element, and how to change it. */
export function useEntry(spot: Spot): Entry {
  const host = useHost();
  const [pending, setPending] = useState<Entered | undefined>(undefined);
  const enter = async (entered: Entered): Promise<void> => {
    setPending(entered);
    const value = typeof entered === "object" ? [...entered] : entered;
    await host.act({ type: "choose", ...host.place, element: elementKey(host.blocks, spot), value });
    setPending(undefined);
  };
  return { host, value: valueOf(host, spot), pending, enter, error: host.errors[spot.blockId] };
}
