import { z } from "zod";
import { checkInitial, overflowOption, richOption } from "./options.ts";
import { selects } from "./selects.ts";
import { chars, confirmDialog, identifier, placeholder, plainText } from "./text.ts";

const focusable = { action_id: identifier, focus_on_load: z.boolean().optional() };
const confirmable = { confirm: confirmDialog.optional() };

/** Limits: text and accessibility_label 75, value 2000, url 3000 (@slack/types, Button). */
const button = z.strictObject({
  type: z.literal("button"),
  action_id: identifier,
  text: plainText(75),
  value: chars(2000, 0).optional(),
  url: chars(3000).optional(),
  style: z.enum(["primary", "danger"]).optional(),
  accessibility_label: chars(75).optional(),
  ...confirmable,
});

const overflow = z.strictObject({
  type: z.literal("overflow"),
  action_id: identifier,
  options: z.array(overflowOption).min(1).max(5),
  ...confirmable,
});

const radioButtons = z
  .strictObject({
    type: z.literal("radio_buttons"),
    ...focusable,
    ...confirmable,
    options: z.array(richOption).min(1).max(10),
    initial_option: richOption.optional(),
  })
  .check((payload) => checkInitial(payload.value, payload));

const checkboxes = z
  .strictObject({
    type: z.literal("checkboxes"),
    ...focusable,
    ...confirmable,
    options: z.array(richOption).min(1).max(10),
    initial_options: z.array(richOption).min(1).optional(),
  })
  .check((payload) => checkInitial(payload.value, payload));

const dispatchConfig = z
  .strictObject({
    trigger_actions_on: z
      .array(z.enum(["on_enter_pressed", "on_character_entered"]))
      .min(1)
      .optional(),
  })
  .optional();
const typed = { ...focusable, placeholder, dispatch_action_config: dispatchConfig };

const plainTextInput = z.strictObject({
  type: z.literal("plain_text_input"),
  ...typed,
  initial_value: chars(3000, 0).optional(),
  multiline: z.boolean().optional(),
  min_length: z.int().min(0).max(3000).optional(),
  max_length: z.int().min(1).max(3000).optional(),
});

const numberInput = z.strictObject({
  type: z.literal("number_input"),
  ...typed,
  is_decimal_allowed: z.boolean(),
  initial_value: z.string().optional(),
  min_value: z.string().optional(),
  max_value: z.string().optional(),
});

const emailInput = z.strictObject({
  type: z.literal("email_text_input"),
  ...typed,
  initial_value: z.string().optional(),
});

const urlInput = z.strictObject({
  type: z.literal("url_text_input"),
  ...typed,
  initial_value: z.string().optional(),
});

const datepicker = z.strictObject({
  type: z.literal("datepicker"),
  ...focusable,
  ...confirmable,
  placeholder,
  initial_date: z.iso.date().optional(),
});

const timepicker = z.strictObject({
  type: z.literal("timepicker"),
  ...focusable,
  ...confirmable,
  placeholder,
  initial_time: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
    .optional(),
  timezone: z.string().optional(),
});

/** `initial_date_time` is a UNIX time in seconds of exactly ten digits (@slack/types, DateTimepicker). */
const datetimepicker = z.strictObject({
  type: z.literal("datetimepicker"),
  ...focusable,
  ...confirmable,
  initial_date_time: z.int().min(1_000_000_000).max(9_999_999_999).optional(),
});

export const imageElement = z
  .strictObject({
    type: z.literal("image"),
    alt_text: chars(2000),
    image_url: chars(3000).optional(),
    slack_file: z.strictObject({ id: z.string().optional(), url: z.string().optional() }).optional(),
  })
  .refine((image) => (image.image_url === undefined) !== (image.slack_file === undefined), {
    error: "must provide exactly one of image_url and slack_file",
  });

const pickers = [datepicker, timepicker, datetimepicker] as const;

export const actionsElement = z.discriminatedUnion("type", [
  button,
  overflow,
  radioButtons,
  checkboxes,
  ...pickers,
  ...selects,
]);

export const inputElement = z.discriminatedUnion("type", [
  plainTextInput,
  numberInput,
  emailInput,
  urlInput,
  radioButtons,
  checkboxes,
  ...pickers,
  ...selects,
]);

export const accessory = z.discriminatedUnion("type", [
  button,
  overflow,
  radioButtons,
  checkboxes,
  imageElement,
  ...pickers,
  ...selects,
]);

type ActionsElement = z.infer<typeof actionsElement>;
type InputElement = z.infer<typeof inputElement>;
export type Accessory = z.infer<typeof accessory>;
export type InteractiveElement = ActionsElement | InputElement;
export type ButtonElement = z.infer<typeof button>;
