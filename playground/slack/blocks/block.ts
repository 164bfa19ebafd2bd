import { z } from "zod";
import { accessory, actionsElement, imageElement, inputElement } from "./elements.ts";
import { richText } from "./rich-text.ts";
import { anyText, chars, identifier, mrkdwn, plainText } from "./text.ts";

const block_id = identifier;

const section = z
  .strictObject({
    type: z.literal("section"),
    block_id,
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1).max(10).optional(),
    accessory: accessory.optional(),
    expand: z.boolean().optional(),
  })
  .refine((block) => block.text !== undefined || block.fields !== undefined, {
    error: "must provide text or fields",
  });

const header = z.strictObject({ type: z.literal("header"), block_id, text: plainText(150) });
const divider = z.strictObject({ type: z.literal("divider"), block_id });

const context = z.strictObject({
  type: z.literal("context"),
  block_id,
  elements: z
    .array(z.discriminatedUnion("type", [imageElement, plainText(3000), mrkdwn(3000)]))
    .min(1)
    .max(10),
});

const actions = z.strictObject({
  type: z.literal("actions"),
  block_id,
  elements: z.array(actionsElement).min(1).max(25),
});

const input = z.strictObject({
  type: z.literal("input"),
  block_id,
  label: plainText(2000),
  hint: plainText(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
  element: inputElement,
});

const image = z
  .strictObject({
    type: z.literal("image"),
    block_id,
    alt_text: chars(2000),
    title: plainText(2000).optional(),
    image_url: chars(3000).optional(),
    slack_file: z.strictObject({ id: z.string().optional(), url: z.string().optional() }).optional(),
  })
  .refine((block) => (block.image_url === undefined) !== (block.slack_file === undefined), {
    error: "must provide exactly one of image_url and slack_file",
  });

const nestedRichText = richText;
const urlSource = z.strictObject({ type: z.literal("url"), url: chars(3000), text: chars(3000) });

const taskCard = z.strictObject({
  type: z.literal("task_card"),
  block_id,
  task_id: chars(255),
  title: chars(3000),
  status: z.enum(["pending", "in_progress", "complete", "error"]),
  details: nestedRichText.optional(),
  output: nestedRichText.optional(),
  sources: z.array(urlSource).optional(),
});

const plan = z.strictObject({
  type: z.literal("plan"),
  block_id,
  title: chars(3000),
  tasks: z.array(taskCard).max(50).optional(),
});

const alert = z.strictObject({
  type: z.literal("alert"),
  block_id,
  text: anyText(3000),
  level: z.enum(["default", "info", "warning", "error", "success"]).optional(),
});

const cell = z.discriminatedUnion("type", [
  richText,
  z.strictObject({ type: z.literal("raw_text"), text: chars(3000) }),
  z.strictObject({ type: z.literal("raw_number"), value: z.number(), text: chars(3000) }),
]);

/** At most 100 rows of 20 cells (@slack/types, TableBlock). */
const table = z.strictObject({
  type: z.literal("table"),
  block_id,
  rows: z.array(z.array(cell).min(1).max(20)).min(1).max(100),
  column_settings: z
    .array(
      z.strictObject({
        align: z.enum(["left", "center", "right"]).optional(),
        is_wrapped: z.boolean().optional(),
      }),
    )
    .max(20)
    .optional(),
});

const markdown = z.strictObject({ type: z.literal("markdown"), block_id, text: chars(12_000) });

const everywhere = [section, header, divider, context, actions, input, image, richText, table] as const;

export const messageBlock = z.discriminatedUnion("type", [...everywhere, plan, taskCard, markdown]);
export const modalBlock = z.discriminatedUnion("type", [...everywhere, alert]);
export const homeBlock = z.discriminatedUnion("type", [...everywhere]);

export type Block = z.infer<typeof messageBlock> | z.infer<typeof modalBlock> | z.infer<typeof homeBlock>;
export type TaskCard = z.infer<typeof taskCard>;
export type TableCell = z.infer<typeof cell>;
