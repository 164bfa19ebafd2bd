import type { PressedButton } from "../interactions/pressed-button.ts";
import { paragraph } from "../message.ts";
import { REASON_LIMIT, type ReasonPrompt } from "../present/reason-prompt.ts";
import type { ModalView } from "./blocks.ts";
import { type RenderOptions, renderParts } from "./render.ts";

export const REASON_CALLBACK = "godwit:reason";
const REASON_FIELD = "reason";

/** Where the button was pressed, so that an answer for the presser alone finds them. */
export interface ReasonContext {
  readonly pressed: PressedButton;
  readonly channel: string;
  readonly threadTs: string | null;
}

/** The modal in which a person writes why; it carries the press that it belongs to. */
export function reasonView(prompt: ReasonPrompt, context: ReasonContext, options: RenderOptions): ModalView {
  return {
    type: "modal",
    callback_id: REASON_CALLBACK,
    private_metadata: JSON.stringify(context),
    title: plain(prompt.title),
    submit: plain(prompt.submit),
    close: plain(prompt.close),
    blocks: [
      ...renderParts([paragraph(prompt.text)], options),
      {
        type: "input",
        block_id: REASON_FIELD,
        label: plain(prompt.label),
        element: {
          type: "plain_text_input",
          action_id: REASON_FIELD,
          multiline: true,
          min_length: 1,
          max_length: REASON_LIMIT,
          placeholder: plain(prompt.placeholder),
        },
      },
    ],
  };
}

interface Submitted {
  readonly private_metadata: string;
  readonly state: {
    readonly values: Readonly<Record<string, Readonly<Record<string, { readonly value?: string | null }>>>>;
  };
}

/** Reads what `reasonView` carried and what was written into it. Throws for a modal that is none of ours. */
export function readReason(view: Submitted): ReasonContext & { readonly reason: string } {
  const context = JSON.parse(view.private_metadata) as ReasonContext;
  return { ...context, reason: view.state.values[REASON_FIELD]?.[REASON_FIELD]?.value ?? "" };
}

function plain(text: string) {
  return { type: "plain_text", text } as const;
}
