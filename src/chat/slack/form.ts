import type { AddonSummary } from "../../core/addon.ts";
import type { MigrationForm } from "../../core/form.ts";
import type { Offer } from "../../core/target.ts";
import { note, type Part, paragraph } from "../message.ts";
import { billingParts } from "../present/billing.ts";
import { addonChoice, currentFacts, FORM_WORDS, notOfferedParts, planChoice } from "../present/form.ts";
import { strategyMeaning, strategyName } from "../present/wording.ts";
import type { InputBlock, KnownBlock, ModalView, PlainTextOption } from "./blocks.ts";
import {
  ADDON_FIELD,
  type EnteredField,
  type FormContext,
  type ModalField,
  writeContext,
} from "./form-context.ts";
import { option, selectBlock } from "./form-select.ts";
import { startBlocks } from "./form-start.ts";
import { type RenderOptions, renderParts } from "./render.ts";

export const FORM_CALLBACK = "godwit:form";
export const ADDON_ACTION = ADDON_FIELD;
export const FIELD_PATTERN = /^(plan|version|zone|strategy|start)$/u;
export const AGAIN_ACTION = "form:again";

interface FormViewOptions extends RenderOptions {
  /** Fields of the modal as it is open now; their block IDs are kept, so that what was entered stays. */
  readonly entered?: ReadonlyMap<string, EnteredField>;
}

/** A modal of text alone: while something loads, and for how it ended. */
export function textView(context: FormContext, parts: readonly Part[], options: RenderOptions): ModalView {
  return { ...frame(context), blocks: renderParts(parts, options) };
}

/** As `textView`, with the button that posts the plan once more. */
export function againView(context: FormContext, parts: readonly Part[], options: RenderOptions): ModalView {
  const text = { type: "plain_text", text: FORM_WORDS.tryAgain } as const;
  const actions: KnownBlock = {
    type: "actions",
    elements: [{ type: "button", action_id: AGAIN_ACTION, text, style: "primary" }],
  };
  return { ...frame(context), blocks: [...renderParts(parts, options), actions] };
}

/** Asks which add-on; choosing one loads its form. */
export function chooseAddonView(
  context: FormContext,
  parts: readonly Part[],
  options: RenderOptions,
): ModalView {
  const select: KnownBlock = {
    type: "section",
    block_id: `${ADDON_FIELD}:${context.revision}`,
    text: { type: "plain_text", text: FORM_WORDS.chooseAddon },
    accessory: {
      type: "external_select",
      action_id: ADDON_ACTION,
      min_query_length: 0,
      placeholder: { type: "plain_text", text: FORM_WORDS.searchAddon },
    },
  };
  const hint = renderParts([note(FORM_WORDS.searchHint)], options);
  return { ...frame(context), blocks: [...renderParts(parts, options), select, ...hint] };
}

/** The form itself: the database as it is, the choices, what they cost, and why others are missing. */
export function formView(form: MigrationForm, context: FormContext, options: FormViewOptions): ModalView {
  const { plan, version } = fieldsOf(form, context, options);
  const isPossible = plan !== null && version !== null;
  const submit = { type: "plain_text", text: FORM_WORDS.submit } as const;
  return {
    ...frame(context),
    callback_id: FORM_CALLBACK,
    ...(isPossible ? { submit } : {}),
    blocks: [
      ...renderParts([{ kind: "facts", facts: currentFacts(form) }], options),
      ...(isPossible ? inputsOf(form, context, options) : []),
      ...renderParts(isPossible ? consequences(form) : impossible(form), options),
    ],
  };
}

/** What an add-on search shows, as options of the select. */
export function addonOption(addon: AddonSummary): PlainTextOption | null {
  return option(addon.id, addonChoice(addon));
}

function consequences(form: MigrationForm): readonly Part[] {
  return [
    ...(form.isRefresh ? [paragraph(FORM_WORDS.refresh)] : []),
    note(strategyMeaning(form.selection.strategy)),
    { kind: "divider" },
    ...billingParts(form.quote),
    ...notOfferedParts(form.options),
    note(FORM_WORDS.next),
  ];
}

function impossible(form: MigrationForm): readonly Part[] {
  return [paragraph(FORM_WORDS.nothingOffered), ...notOfferedParts(form.options)];
}

function inputsOf(form: MigrationForm, context: FormContext, options: FormViewOptions): InputBlock[] {
  const { plan, version, zone, strategy } = fieldsOf(form, context, options);
  return [
    plan,
    version,
    ...(hasChoice(zone) ? [zone] : []),
    ...(hasChoice(strategy) ? [strategy] : []),
    ...startBlocks(form.start, context, options.entered),
  ].filter((block) => block !== null);
}

function fieldsOf(
  form: MigrationForm,
  context: FormContext,
  { entered }: FormViewOptions,
): Record<Exclude<ModalField, "start" | "startAt">, InputBlock | null> {
  const { options, selection } = form;
  const field = (
    name: Exclude<ModalField, "start" | "startAt">,
    choices: readonly (PlainTextOption | null)[],
    value: string,
  ): InputBlock | null => {
    const before = entered?.get(name);
    const blockId = before?.value === value ? before.blockId : `${name}:${context.revision}`;
    return selectBlock(name, choices, { value, blockId });
  };
  return {
    plan: field(
      "plan",
      allowed(options.plans, (plan) => option(plan.id, planChoice(plan))),
      selection.planId,
    ),
    version: field(
      "version",
      allowed(options.versions, (choice) => option(choice.version, choice.label)),
      selection.version,
    ),
    zone: field(
      "zone",
      allowed(options.zones, (zone) => option(zone.id, zone.name)),
      selection.zone,
    ),
    strategy: field(
      "strategy",
      allowed(options.strategies, (strategy) => option(strategy, strategyName(strategy))),
      selection.strategy,
    ),
  };
}

function hasChoice(block: InputBlock | null): block is InputBlock {
  return block?.element.type === "static_select" && (block.element.options?.length ?? 0) > 1;
}

function allowed<T>(
  offers: readonly Offer<T>[],
  optionOf: (value: T) => PlainTextOption | null,
): (PlainTextOption | null)[] {
  return offers.filter((offer) => offer.verdict.allowed).map((offer) => optionOf(offer.value));
}

function frame(context: FormContext): Omit<ModalView, "blocks"> {
  return {
    type: "modal",
    title: { type: "plain_text", text: FORM_WORDS.title },
    close: { type: "plain_text", text: FORM_WORDS.close },
    private_metadata: writeContext(context),
  };
}
