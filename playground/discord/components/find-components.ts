import type { Component } from "./component.ts";

/** Every component of a tree, parents before their children, in the order a person meets them. */
export function flattenComponents(components: readonly Component[]): Component[] {
  return components.flatMap((component) => [component, ...flattenComponents(childrenOf(component))]);
}

export function childrenOf(component: Component): readonly Component[] {
  switch (component.type) {
    case 1:
    case 17:
      return component.components;
    case 9:
      return [...component.components, component.accessory];
    case 18:
      return [component.component];
    default:
      return [];
  }
}
