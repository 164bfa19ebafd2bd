import type { Fact, Message, Part, StepLine, Text } from "../message.ts";
import { plainText, renderPlain } from "../render-plain.ts";
import { shorten } from "../shorten.ts";
import { stepText } from "../step-text.ts";
import { clean, clip } from "../tidy.ts";
import type { ContextBlock, KnownBlock, RichTextBlock, TaskCardBlock } from "./blocks.ts";
import type { SlackSupport } from "./config.ts";
import { escapeMrkdwn } from "./escape.ts";
import { renderButtons } from "./render-buttons.ts";
import { mrkdwnInline, mrkdwnTime, richSection } from "./render-text.ts";

/** Limits of Block Kit (@slack/types 3.2.0 and "Block Kit" reference). */
const MESSAGE_BLOCKS = 50;
/** Slack answers `msg_blocks_too_long` somewhat above this; its documents give no figure. */
const TEXT_CHARACTERS = 10_000;
const HEADER_CHARACTERS = 150;
const CONTEXT_ELEMENTS = 10;
const CONTEXT_CHARACTERS = 2000;
const CARD_TITLE_CHARACTERS = 150;
const SUMMARY_CHARACTERS = 3000;

export interface RenderOptions {
  readonly support: SlackSupport;
  /** Whether progress is a `plan` of `task_card`s; where Slack refuses those blocks it is a list. */
  readonly richProgress: boolean;
}

/** A message as Slack takes it. `text` gives the full meaning where blocks are not shown. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/**
 * Turns a message into Slack's blocks, inside every limit of Block Kit. A file that goes with it is left out, and what
 * must be read stands in the message besides: Slack
 * shares files as messages of their own, which nothing keeps from standing there twice, and asks for `files:write`.
 */
export function renderMessage(message: Message, options: RenderOptions): SlackMessage {
  return {
    text: escapeMrkdwn(message.summary, SUMMARY_CHARACTERS),
    blocks: renderParts(message.parts, options),
  };
}

/** The whole message as text alone, for the day Slack refuses its blocks. */
export function renderMrkdwn(message: Message, support: SlackSupport): string {
  const parts = shorten(message.parts, TEXT_CHARACTERS);
  return renderPlain({ ...message, parts }, { write: (inline) => mrkdwnInline(inline, support) }).join("\n");
}

/** Turns parts into blocks. Buttons survive when there are too many blocks: the end of the text does not. */
export function renderParts(parts: readonly Part[], options: RenderOptions): KnownBlock[] {
  const blocks = shorten(parts, TEXT_CHARACTERS).flatMap((part) => renderPart(part, options));
  if (blocks.length <= MESSAGE_BLOCKS) return blocks;
  const actions = blocks.filter((block) => block.type === "actions").slice(0, 5);
  const shown = blocks
    .filter((block) => block.type !== "actions")
    .slice(0, MESSAGE_BLOCKS - 1 - actions.length);
  return [...shown, contextBlock(["The rest is too long to be shown here."]), ...actions];
}

function renderPart(part: Part, options: RenderOptions): KnownBlock[] {
  switch (part.kind) {
    case "heading":
      return [
        {
          type: "header",
          text: { type: "plain_text", text: limited(part.text, HEADER_CHARACTERS), emoji: false },
        },
      ];
    case "paragraph":
      return [richText([part.text], options)];
    case "facts":
      return part.facts.length === 0 ? [] : [richText([part.facts.flatMap(factLine)], options)];
    case "list":
      return part.items.length === 0 ? [] : [bulletList(part.items, options)];
    case "steps":
      return options.richProgress ? [planBlock(part, options)] : stepsAsText(part, options);
    case "note":
      return [contextBlock(part.text)];
    case "verbatim":
      return part.text.trim() === "" ? [] : [preformatted(part.text)];
    case "divider":
      return [{ type: "divider" }];
    case "buttons":
      return part.buttons.length === 0 ? [] : [renderButtons(part.buttons)];
  }
}

function richText(sections: readonly Text[], { support }: RenderOptions): RichTextBlock {
  return { type: "rich_text", elements: sections.map((text) => richSection(text, support)) };
}

/** Nothing in it is parsed: neither marks nor mentions. */
function preformatted(text: string): RichTextBlock {
  return {
    type: "rich_text",
    elements: [{ type: "rich_text_preformatted", elements: [{ type: "text", text: clean(text) }] }],
  };
}

function bulletList(items: readonly Text[], { support }: RenderOptions): RichTextBlock {
  const elements = items.map((item) => richSection(item, support));
  return { type: "rich_text", elements: [{ type: "rich_text_list", style: "bullet", elements }] };
}

function factLine(fact: Fact, index: number): Text {
  return [index === 0 ? "" : "\n", { kind: "bold", text: `${fact.label}: ` }, ...fact.value];
}

function planBlock(part: Extract<Part, { readonly kind: "steps" }>, options: RenderOptions): KnownBlock {
  return {
    type: "plan",
    title: limited(part.title, CARD_TITLE_CHARACTERS),
    tasks: part.steps.slice(0, MESSAGE_BLOCKS).map((step) => taskCard(step, options)),
  };
}

function taskCard(step: StepLine, options: RenderOptions): TaskCardBlock {
  const words = step.detail === null ? step.words : `${step.words} · ${step.detail}`;
  return {
    type: "task_card",
    task_id: limited(step.id, 255),
    title: limited(step.title, CARD_TITLE_CHARACTERS),
    status: STATUS[step.state],
    details: richText([[words]], options),
  };
}

/** `undone` shows as pending: its effect is gone; the words say so. */
const STATUS: Readonly<Record<StepLine["state"], TaskCardBlock["status"]>> = {
  pending: "pending",
  running: "in_progress",
  done: "complete",
  failed: "error",
  undone: "pending",
};

function stepsAsText(part: Extract<Part, { readonly kind: "steps" }>, options: RenderOptions): KnownBlock[] {
  const lines = part.steps.map(stepText);
  const title = richText([[{ kind: "bold", text: part.title }]], options);
  return lines.length === 0 ? [title] : [title, bulletList(lines, options)];
}

/** Small print. Each piece is its own element, so that only moments are ever parsed as markup. */
function contextBlock(text: Text): ContextBlock {
  const elements = mergeStrings(text).slice(0, CONTEXT_ELEMENTS).map(contextElement);
  return { type: "context", elements: elements.length > 0 ? elements : [contextElement(" ")] };
}

function contextElement(piece: Text[number]): ContextBlock["elements"][number] {
  if (typeof piece !== "string" && piece.kind === "time") {
    return { type: "mrkdwn", text: mrkdwnTime(piece.at), verbatim: true };
  }
  return { type: "plain_text", text: limited(plainText([piece]).trim(), CONTEXT_CHARACTERS), emoji: false };
}

function mergeStrings(text: Text): Text {
  const merged: Text[number][] = [];
  for (const piece of text) {
    const isTime = typeof piece !== "string" && piece.kind === "time";
    const last = merged.at(-1);
    if (isTime || typeof last !== "string") merged.push(isTime ? piece : plainText([piece]));
    else merged[merged.length - 1] = last + plainText([piece]);
  }
  return merged.filter((piece) => typeof piece !== "string" || piece.trim() !== "");
}

function limited(text: string, max: number): string {
  return clip(clean(text), max) || " ";
}
