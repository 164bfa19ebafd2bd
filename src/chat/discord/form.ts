import { ComponentType, TextInputStyle } from "discord.js";
import type { FormStart, MigrationForm } from "../../core/form.ts";
import type { Plan } from "../../core/plan.ts";
import type { Offer } from "../../core/target.ts";
import { note, type Part, paragraph } from "../message.ts";
import { currentFacts, FORM_WORDS, notOfferedParts, planChoice, planDifference } from "../present/form.ts";
import { strategyMeaning, strategyName } from "../present/wording.ts";
import { clip, tidy } from "../tidy.ts";
import type { Label, Modal, SelectOption } from "./components.ts";
import type { DiscordSupport } from "./config.ts";
import { renderMarkdown } from "./render.ts";

/** Limits of modals (Discord, "Component Reference"): five parts, of which one is text and up to four ask here. */
const PARTS = 5;
const OPTIONS = 25;
const OPTION_CHARACTERS = 100;
const TITLE = 45;
const LABEL = 45;
const DESCRIPTION = 100;
/** Enough to read above four selects; the whole modal may hold 4000. */
const TEXT = 2_500;

export const FIELDS = ["plan", "version", "zone", "strategy", "start"] as const;
export type FormField = (typeof FIELDS)[number];

interface Field {
  readonly name: Exclude<FormField, "start">;
  readonly description?: string;
  readonly chosen: string;
  readonly options: readonly SelectOption[];
}

/** The form itself, as it stays until it is sent: the database as it is, the choices, and why others are missing. */
export function formModal(form: MigrationForm, customId: string, support: DiscordSupport): Modal {
  const [plan, version, zone, strategy] = fieldsOf(form);
  const choices = [plan, version, ...[zone, strategy].filter(({ options }) => options.length > 1)];
  // With all four selects there is no room: the command's own option sets the start then.
  const start = choices.length < PARTS - 1 && form.start ? [startLabel(form.start)] : [];
  const text = renderMarkdown([...explanation(form), note(FORM_WORDS.next)], support, TEXT);
  return {
    custom_id: customId,
    title: clip(FORM_WORDS.title, TITLE),
    components: [{ type: ComponentType.TextDisplay, content: text }, ...choices.map(labelOf), ...start],
  };
}

/** Whether there is anything to choose; a modal without a choice would be a dead end. */
export function isPossible({ options }: MigrationForm): boolean {
  return allowed(options.plans).length > 0 && allowed(options.versions).length > 0;
}

/** What stands in the place of a form that offers nothing. */
export function impossible(form: MigrationForm): readonly Part[] {
  return [paragraph(FORM_WORDS.nothingOffered), ...notOfferedParts(form.options)];
}

/** The allowed plans nearest to the chosen one, in their order; Discord's selects hold 25. */
export function shownPlans(form: MigrationForm): readonly Plan[] {
  const plans = allowed(form.options.plans);
  if (plans.length <= OPTIONS) return plans;
  const { planId } = form.selection;
  const at = Math.max(
    plans.findIndex(({ id }) => id === planId),
    0,
  );
  const isFixed = ({ id }: Plan): boolean => id === planId || id === form.addon.plan.id;
  const byDistance = plans
    .map((plan, index) => ({ plan, distance: isFixed(plan) ? -1 : Math.abs(index - at) }))
    .toSorted((left, right) => left.distance - right.distance);
  const kept = new Set(byDistance.slice(0, OPTIONS).map(({ plan }) => plan.id));
  return plans.filter(({ id }) => kept.has(id));
}

function explanation(form: MigrationForm): readonly Part[] {
  const [shown, all] = [shownPlans(form).length, allowed(form.options.plans).length];
  const more = `${shown} of ${all} plans are listed; the command's plan option finds every one.`;
  return [
    { kind: "facts", facts: currentFacts(form) },
    ...notOfferedParts(form.options),
    ...(shown < all ? [note(more)] : []),
  ];
}

function fieldsOf(form: MigrationForm): readonly [Field, Field, Field, Field] {
  const { options, selection, addon } = form;
  return [
    {
      name: "plan",
      chosen: selection.planId,
      options: optionsOf(shownPlans(form), (plan) => ({
        value: plan.id,
        label: planChoice(plan),
        description: planDifference(addon.plan, plan),
      })),
    },
    {
      name: "version",
      chosen: selection.version,
      description: "Same plan, version and zone: a refresh on the latest patch",
      options: optionsOf(allowed(options.versions), ({ version, label }) => ({ value: version, label })),
    },
    {
      name: "zone",
      chosen: selection.zone,
      options: optionsOf(allowed(options.zones), ({ id, name }) => ({ value: id, label: name })),
    },
    {
      name: "strategy",
      chosen: selection.strategy,
      options: optionsOf(allowed(options.strategies), (strategy) => ({
        value: strategy,
        label: strategyName(strategy),
        description: strategyMeaning(strategy),
      })),
    },
  ];
}

function labelOf({ name, description, chosen, options }: Field): Label {
  return {
    type: ComponentType.Label,
    label: clip(FORM_WORDS.fields[name], LABEL),
    ...(description === undefined ? {} : { description: clip(description, DESCRIPTION) }),
    component: {
      type: ComponentType.StringSelect,
      custom_id: name,
      required: true,
      options: options.map((option) => (option.value === chosen ? { ...option, default: true } : option)),
    },
  };
}

/** When it starts, in words: a modal has no field for a time. */
function startLabel({ chosen, at, opening, timeZone }: FormStart): Label {
  const typed = chosen === "at" && at ? `${at.toISOString().slice(0, 16).replace("T", " ")} Z` : chosen;
  const window = opening ? "window (maintenance), " : "";
  const description = `now, ${window}2h, or 2030-01-31 02:00, in ${timeZone} where no zone is written`;
  return {
    type: ComponentType.Label,
    label: clip(FORM_WORDS.fields.start, LABEL),
    description: clip(description, DESCRIPTION),
    component: {
      type: ComponentType.TextInput,
      custom_id: "start",
      style: TextInputStyle.Short,
      required: false,
      max_length: 60,
      value: typed,
    },
  };
}

interface Choice {
  readonly value: string;
  readonly label: string;
  readonly description?: string | null;
}

/** Values too long for Discord are left out: cutting an ID would name something else. Double ones are refused. */
export function optionsOf<T>(values: readonly T[], choiceOf: (value: T) => Choice): readonly SelectOption[] {
  const choices = values
    .map(choiceOf)
    .filter(({ value }) => value !== "" && value.length <= OPTION_CHARACTERS);
  const unique = [...new Map(choices.map((choice) => [choice.value, choice])).values()];
  return unique.slice(0, OPTIONS).map(selectOption);
}

/** An option of a select, inside Discord's limits. */
function selectOption({ value, label, description }: Choice): SelectOption {
  const text = tidy(label, OPTION_CHARACTERS);
  return {
    value,
    label: text,
    ...(description ? { description: clip(description, OPTION_CHARACTERS) } : {}),
  };
}

function allowed<T>(offers: readonly Offer<T>[]): readonly T[] {
  return offers.filter(({ verdict }) => verdict.allowed).map(({ value }) => value);
}
