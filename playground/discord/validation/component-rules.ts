import type { Button, Component, Option } from "../components/component.ts";
import { childrenOf } from "../components/find-components.ts";
import { type Finding, finding } from "./finding.ts";

type Path = readonly (string | number)[];

/** "Discord, Component Reference": components in a message, nested ones counted. */
const componentLimit = 40;
/** discord.js guide, "Display components": characters over all text displays. */
const textLimit = 4000;

interface Placed {
  readonly component: Component;
  readonly path: Path;
}

/** Rules for a component tree that the schema misses; they hold in messages and modals. */
export function treeRules(components: readonly Component[], path: Path): Finding[] {
  const placed = place(components, path);
  return [
    ...tooMany(placed, path),
    ...tooMuchText(placed, path),
    ...duplicates(
      placed,
      "custom_id",
      "COMPONENT_CUSTOM_ID_DUPLICATED",
      "Component custom id cannot be duplicated",
    ),
    ...duplicates(placed, "id", "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated"),
    ...placed.flatMap(ownRules),
  ];
}

function place(components: readonly Component[], path: Path): Placed[] {
  return components.flatMap((component, index) => {
    const here = [...path, index];
    return [{ component, path: here }, ...place(childrenOf(component), [...here, childKey(component)])];
  });
}

function childKey(component: Component): string {
  return component.type === 18 ? "component" : "components";
}

function tooMany(placed: readonly Placed[], path: Path): Finding[] {
  if (placed.length <= componentLimit) return [];
  const message = `The total number of components must be ${componentLimit} or fewer, nested ones counted.`;
  return [finding(path, "BASE_TYPE_MAX_LENGTH", message)];
}

function tooMuchText(placed: readonly Placed[], path: Path): Finding[] {
  const total = placed.reduce(
    (sum, { component }) => sum + (component.type === 10 ? Array.from(component.content).length : 0),
    0,
  );
  if (total <= textLimit) return [];
  const message = `The total text of all components must be ${textLimit} or fewer in length.`;
  return [finding(path, "BASE_TYPE_MAX_LENGTH", message)];
}

function duplicates(
  placed: readonly Placed[],
  key: "custom_id" | "id",
  code: string,
  message: string,
): Finding[] {
  const seen = new Set<unknown>();
  return placed.flatMap(({ component, path }) => {
    const value = key in component ? (component as unknown as Record<string, unknown>)[key] : undefined;
    if (!value) return [];
    if (seen.has(value)) return [finding([...path, key], code, message)];
    seen.add(value);
    return [];
  });
}

function ownRules({ component, path }: Placed): Finding[] {
  switch (component.type) {
    case 1:
      return rowRules(component.components, path);
    case 2:
      return buttonRules(component, path);
    case 3:
      return [
        ...optionRules(component.options, path),
        ...countRules(component, component.options.length, path),
      ];
    case 21:
      return [...optionRules(component.options, path), ...oneDefault(component.options, path)];
    case 22:
      return optionRules(component.options, path);
    default:
      return [];
  }
}

/** Up to five buttons, or one select ("Discord, Component Reference": action row). */
function rowRules(components: readonly Component[], path: Path): Finding[] {
  const others = components.filter(({ type }) => type !== 2).length;
  if (others === 0 || components.length === 1) return [];
  return [
    finding([...path, "components"], "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "Components exceed the row's width"),
  ];
}

function buttonRules({ style, url, custom_id, label, emoji }: Button, path: Path): Finding[] {
  const isLink = style === 5;
  if (isLink && !url) return [finding([...path, "url"], "BASE_TYPE_REQUIRED", "A url is required")];
  if (isLink && custom_id) {
    return [finding([...path, "custom_id"], "BUTTON_COMPONENT_INVALID", "A link button has no custom id")];
  }
  if (!isLink && !custom_id && style !== 6) {
    return [
      finding([...path, "custom_id"], "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required"),
    ];
  }
  if (!isLink && url)
    return [finding([...path, "url"], "BUTTON_COMPONENT_INVALID", "Only link buttons have a url")];
  if (style === 6 || label || emoji) return [];
  return [finding([...path, "label"], "BUTTON_COMPONENT_LABEL_REQUIRED", "A label or an emoji is required")];
}

function optionRules(options: readonly Option[], path: Path): Finding[] {
  const seen = new Set<string>();
  return options.flatMap(({ value }, index) => {
    const isNew = !seen.has(value);
    seen.add(value);
    const here = [...path, "options", index, "value"];
    const message = "The specified option value is already used";
    return isNew ? [] : [finding(here, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message)];
  });
}

function oneDefault(options: readonly Option[], path: Path): Finding[] {
  if (options.filter((option) => option.default === true).length <= 1) return [];
  return [
    finding([...path, "options"], "RADIO_GROUP_MULTIPLE_DEFAULTS", "Only one option can be the default"),
  ];
}

function countRules(
  select: { min_values?: number | null; max_values?: number | null; options: readonly Option[] },
  offered: number,
  path: Path,
): Finding[] {
  const most = select.max_values ?? 1;
  const least = select.min_values ?? 1;
  const defaults = select.options.filter((option) => option.default === true).length;
  const tooMany = "Must be no more than the number of options";
  return [
    ...(most > offered
      ? [finding([...path, "max_values"], "SELECT_COMPONENT_MAX_VALUES_TOO_BIG", tooMany)]
      : []),
    ...(least > most
      ? [finding([...path, "min_values"], "SELECT_COMPONENT_MIN_VALUES", "Must not exceed max_values")]
      : []),
    ...(defaults > most
      ? [finding([...path, "options"], "SELECT_COMPONENT_TOO_MANY_DEFAULT", "Too many defaults")]
      : []),
  ];
}
