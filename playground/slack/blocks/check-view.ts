import { z } from "zod";
import type { Block } from "./block.ts";
import { checkBlocks } from "./check-blocks.ts";
import { chars, plainText } from "./text.ts";
import { type Fault, faultsOf } from "./violation-message.ts";

/** A view over 250 kB is refused (Slack: views.open, `view_too_large`). */
const viewLimitBytes = 250_000;

const shared = {
  blocks: z.array(z.unknown()),
  private_metadata: chars(3000, 0).optional(),
  callback_id: chars(255, 0).optional(),
  external_id: chars(255, 0).optional(),
};

/** Limits: title, close and submit 24 characters (@slack/types, ModalView). */
const modal = z.strictObject({
  type: z.literal("modal"),
  ...shared,
  title: plainText(24),
  close: plainText(24).optional(),
  submit: plainText(24).optional(),
  clear_on_close: z.boolean().optional(),
  notify_on_close: z.boolean().optional(),
});

const home = z.strictObject({ type: z.literal("home"), ...shared });
const view = z.discriminatedUnion("type", [modal, home]);

type ModalFields = Omit<z.infer<typeof modal>, "blocks">;
type HomeFields = Omit<z.infer<typeof home>, "blocks">;
export type ViewContent = (ModalFields | HomeFields) & { readonly blocks: Block[] };

export type CheckedView =
  | { readonly ok: true; readonly view: ViewContent }
  | { readonly ok: false; readonly error: string; readonly faults: readonly Fault[] };

/** Checks a view against Slack's limits; `base` is its JSON pointer. */
export function checkView(input: unknown, base = "/view"): CheckedView {
  if (Buffer.byteLength(JSON.stringify(input) ?? "") > viewLimitBytes) {
    return {
      ok: false,
      error: "view_too_large",
      faults: [{ pointer: base, message: `must be no more than ${viewLimitBytes} bytes` }],
    };
  }
  const parsed = view.safeParse(input);
  if (!parsed.success) return { ok: false, error: "invalid_arguments", faults: faultsOf(parsed.error, base) };
  const checked = checkBlocks(parsed.data.blocks, parsed.data.type, `${base}/blocks`);
  if (!checked.ok) return { ok: false, error: "invalid_arguments", faults: checked.faults };
  const content = { ...parsed.data, blocks: checked.blocks };
  if (content.type === "modal" && content.submit === undefined && hasInput(checked.blocks)) {
    return {
      ok: false,
      error: "invalid_arguments",
      faults: [{ pointer: `${base}/submit`, message: "submit is required when the view has input blocks" }],
    };
  }
  return { ok: true, view: content };
}

function hasInput(blocks: readonly Block[]): boolean {
  return blocks.some((block) => block.type === "input");
}
