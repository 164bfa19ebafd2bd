import { useCallback } from "preact/hooks";
import type { Action } from "../../../../discord/index.ts";
import { useActions } from "../../store/context.ts";

type Distribute<T> = T extends unknown ? Omit<T, "user"> : never;

/** An action without the person, who is whoever the visitor is. */
export type PersonAction = Distribute<Action>;

/** How to act in Discord as the person; the same function while they are the same. */
export function useAct(): (action: PersonAction) => Promise<unknown> {
  const { send } = useActions();
  return useCallback((action: PersonAction) => send("/discord/act", action), [send]);
}
