import type { Component } from "./component.ts";
import { flattenComponents } from "./find-components.ts";

type Loose = { id?: number | null };

/**
 * A copy with every `id` filled in: given ones stay, the rest count up from 1 and skip those taken; 0 counts as left
 * out ("Discord, Component Reference").
 */
export function assignIds<Kind extends Component>(components: readonly Kind[]): Kind[] {
  const copy = structuredClone([...components]);
  const all = flattenComponents(copy) as Loose[];
  const taken = new Set(all.map(({ id }) => id ?? 0));
  let next = 0;
  for (const component of all) {
    if (component.id) continue;
    do next += 1;
    while (taken.has(next));
    component.id = next;
  }
  return copy;
}
