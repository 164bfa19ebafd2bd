import { z } from "zod";
import type { FormSelection } from "../../core/form.ts";

/** Slack's limit for `private_metadata` (views.open). */
const METADATA_LIMIT = 3000;

const selection = z.strictObject({
  addonId: z.string().exactOptional(),
  planId: z.string().exactOptional(),
  version: z.string().exactOptional(),
  zone: z.string().exactOptional(),
  strategy: z.string().exactOptional(),
  start: z.string().exactOptional(),
});

const context = z.strictObject({
  channel: z.string(),
  /** The command's response_url: reaches the person where the bot is not a member of the channel. */
  responseUrl: z.string().nullable(),
  /** Rises with every rendering; makes new block IDs. */
  revision: z.int(),
  selection,
});

/** What a modal carries in `private_metadata`: IDs only, nothing that is trusted without being judged again. */
export type FormContext = z.infer<typeof context>;

/** The parts of a view's payload that are read back. */
export interface ViewState {
  readonly private_metadata: string;
  readonly state: { readonly values: Readonly<Record<string, Readonly<Record<string, ChosenValue>>>> };
}

interface ChosenValue {
  readonly selected_option?: { readonly value: string } | null | undefined;
  /** Seconds since 1970, whatever the person's time zone. */
  readonly selected_date_time?: number | null | undefined;
}

/** A field as it stands in the open modal. */
export interface EnteredField {
  readonly blockId: string;
  readonly value: string | null;
}

export const ADDON_FIELD = "addon";
const FIELDS = ["plan", "version", "zone", "strategy", "start", "startAt"] as const;
export type ModalField = (typeof FIELDS)[number];

export function writeContext(value: FormContext): string {
  const text = JSON.stringify(value);
  return text.length <= METADATA_LIMIT ? text : JSON.stringify({ ...value, responseUrl: null });
}

/** Reads what `writeContext` wrote. Throws when it is not ours. */
export function readContext(view: Pick<ViewState, "private_metadata">): FormContext {
  return context.parse(JSON.parse(view.private_metadata));
}

/** The fields in the modal by name: a block ID is the field's name and the revision that made it. */
export function enteredFields(view: ViewState): ReadonlyMap<string, EnteredField> {
  const entries = Object.entries(view.state.values).flatMap(([blockId, actions]) =>
    Object.entries(actions).map(([name, chosen]) => {
      return [name, { blockId, value: valueOf(chosen) }] as const;
    }),
  );
  return new Map(entries);
}

function valueOf({ selected_option: option, selected_date_time: seconds }: ChosenValue): string | null {
  return option?.value ?? (seconds ? new Date(seconds * 1000).toISOString() : null);
}

/** What the person has chosen so far, on top of what the modal remembers. */
export function enteredSelection(view: ViewState): FormSelection {
  const fields = enteredFields(view);
  const { selection: before } = readContext(view);
  const addonId = fields.get(ADDON_FIELD)?.value ?? before.addonId;
  const chosen = (field: ModalField): string | undefined => fields.get(field)?.value ?? undefined;
  return defined({
    addonId,
    planId: chosen("plan") ?? before.planId,
    version: chosen("version"),
    zone: chosen("zone"),
    strategy: chosen("strategy"),
    start: chosen("start") === "at" ? (chosen("startAt") ?? "at") : chosen("start"),
  });
}

type Maybe<T> = { readonly [Key in keyof T]: T[Key] | undefined };

function defined(fields: Maybe<Required<FormSelection>>): FormSelection {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
