import type { Block, TableCell, TaskCard } from "../blocks/block.ts";
import type { TextObject } from "../blocks/text.ts";
import type { StateValues } from "../model.ts";
import { idsAsNames, type Names } from "./names.ts";
import { renderElement } from "./render-element.ts";
import { renderMrkdwn } from "./render-mrkdwn.ts";
import { renderRichText } from "./render-rich-text.ts";

export interface RenderContext {
  readonly names?: Names;
  /** Values of elements, by block_id and action_id. */
  readonly values?: StateValues;
  /** What is written beside inputs after a refused submission, by block_id. */
  readonly errors?: Readonly<Record<string, string>>;
}

interface Drawing {
  readonly names: Names;
  readonly values: StateValues;
  readonly errors: Readonly<Record<string, string>>;
}

/** The words for a task's state; never a glyph alone. */
const taskStates: Record<TaskCard["status"], string> = {
  pending: "pending",
  in_progress: "in progress",
  complete: "done",
  error: "failed",
};

/** Messages and views as plain text, as a person would read them; `text` counts when there are no blocks. */
export function renderText(blocks: readonly Block[], text = "", context: RenderContext = {}): string {
  const drawing = {
    names: context.names ?? idsAsNames,
    values: context.values ?? {},
    errors: context.errors ?? {},
  };
  if (blocks.length === 0) return renderMrkdwn(text, drawing.names);
  return blocks
    .map((block) => renderBlock(block, drawing))
    .filter((line) => line !== "")
    .join("\n");
}

function renderBlock(block: Block, drawing: Drawing): string {
  const { names } = drawing;
  switch (block.type) {
    case "header":
      return block.text.text;
    case "section":
      return renderSection(block, drawing);
    case "divider":
      return "---";
    case "context":
      return block.elements
        .map((element) => (element.type === "image" ? `[${element.alt_text}]` : written(element, names)))
        .join(" ");
    case "actions":
      return block.elements
        .map((element) => renderElement(element, valueAt(drawing, block.block_id, element.action_id), names))
        .join(" ");
    case "input":
      return renderInput(block, drawing);
    case "image":
      return `[image: ${block.alt_text}]`;
    case "rich_text":
      return renderRichText(block, names);
    case "markdown":
      return renderMrkdwn(block.text, names);
    case "alert":
      return `${(block.level ?? "default") === "default" ? "Note" : capitalise(block.level ?? "")}: ${written(block.text, names)}`;
    case "table":
      return block.rows.map((row) => row.map((cell) => renderCell(cell, names)).join(" | ")).join("\n");
    case "task_card":
      return renderTask(block, names);
    case "plan":
      return [block.title, ...(block.tasks ?? []).map((task) => indent(renderTask(task, names)))].join("\n");
  }
}

function renderSection(block: Extract<Block, { type: "section" }>, drawing: Drawing): string {
  const { accessory } = block;
  const value =
    accessory && accessory.type !== "image"
      ? valueAt(drawing, block.block_id, accessory.action_id)
      : undefined;
  return [
    ...(block.text ? [written(block.text, drawing.names)] : []),
    ...(block.fields ?? []).map((field) => written(field, drawing.names)),
    ...(accessory ? [renderElement(accessory, value, drawing.names)] : []),
  ].join("\n");
}

function renderInput(block: Extract<Block, { type: "input" }>, drawing: Drawing): string {
  const error = drawing.errors[block.block_id ?? ""];
  const value = valueAt(drawing, block.block_id, block.element.action_id);
  const label = `${block.label.text}${block.optional === true ? " (optional)" : ""}:`;
  const element = renderElement(block.element, value, drawing.names);
  return [
    element.includes("\n") ? `${label}\n${indent(element)}` : `${label} ${element}`,
    ...(block.hint ? [indent(block.hint.text)] : []),
    ...(error === undefined ? [] : [indent(`Error: ${error}`)]),
  ].join("\n");
}

function renderTask(task: TaskCard, names: Names): string {
  return [
    `[${taskStates[task.status]}] ${task.title}`,
    ...[task.details, task.output].flatMap((part) => (part ? [indent(renderRichText(part, names))] : [])),
    ...(task.sources ?? []).map(({ text, url }) => indent(`${text} (${url})`)),
  ].join("\n");
}

function renderCell(cell: TableCell, names: Names): string {
  return cell.type === "rich_text" ? renderRichText(cell, names) : cell.text;
}

function written(text: TextObject, names: Names): string {
  return text.type === "mrkdwn" ? renderMrkdwn(text.text, names) : text.text;
}

function valueAt({ values }: Drawing, blockId = "", actionId = "") {
  return values[blockId]?.[actionId];
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
