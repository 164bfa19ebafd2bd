import { ComponentType, MessageFlags, SeparatorSpacingSize } from "discord.js";
import type { Attachment, Message, Part, Text } from "../message.ts";
import { shorten } from "../shorten.ts";
import { stepText } from "../step-text.ts";
import { clean } from "../tidy.ts";
import type { ActionRow, Container, ContainerPart, RowPart, TextDisplay } from "./components.ts";
import type { DiscordSupport } from "./config.ts";
import { renderButtons } from "./render-buttons.ts";
import { markdownLine } from "./render-text.ts";

/** Limits of Components V2, nested components included (Discord, "Component Reference"; discord.js guide). */
const MESSAGE_COMPONENTS = 40;
const TEXT_CHARACTERS = 4000;
/** Marks and moments make text longer than it reads, so less and less of it is tried until it fits. */
const TRIES = [3_600, 2_800, 2_000, 1_300, 800, 400] as const;

export interface RenderOptions {
  readonly support: DiscordSupport;
  /** Colour of the bar beside the message, as RGB; it repeats what the words say. */
  readonly accent?: number | undefined;
  /** Number that the message is found by again. */
  readonly mark?: number | undefined;
  /** Rows below the text besides the message's own buttons. */
  readonly controls?: readonly ActionRow<RowPart>[] | undefined;
}

/** A message as Discord takes it. The flag makes it a message of components alone, and cannot be taken back. */
export interface DiscordMessage {
  readonly flags: number;
  readonly components: readonly Container[];
}

/** Turns a message into Discord's components, inside every limit. */
export function renderMessage(message: Message, options: RenderOptions): DiscordMessage {
  const { accent, mark, controls = [] } = options;
  const tail = [...filesOf(message.attachment), ...controls];
  const parts = message.parts.filter(({ kind }) => kind !== "verbatim" || message.attachment === undefined);
  const room = { components: MESSAGE_COMPONENTS - 1 - countOf(tail), characters: TEXT_CHARACTERS };
  const container: Container = {
    type: ComponentType.Container,
    ...(mark === undefined ? {} : { id: mark }),
    ...(accent === undefined ? {} : { accent_color: accent }),
    components: [...fit(parts, options, room), ...tail],
  };
  return { flags: MessageFlags.IsComponentsV2, components: [container] };
}

/** Parts as text alone, at most `max` characters: for forms. */
export function renderMarkdown(parts: readonly Part[], support: DiscordSupport, max: number): string {
  const blocks = fit(parts, { support }, { components: 1, characters: max });
  return blocks
    .flatMap((block) => (block.type === ComponentType.TextDisplay ? [block.content] : []))
    .join("");
}

interface Room {
  readonly components: number;
  readonly characters: number;
}

/** Lists lose their ends first, then sentences; buttons stay. */
function fit(parts: readonly Part[], options: RenderOptions, room: Room): ContainerPart[] {
  let blocks: ContainerPart[] = [];
  for (const max of TRIES) {
    const shown = shorten(parts, Math.min(max, Math.floor(room.characters * 0.9)));
    blocks = inRoom(
      shown.flatMap((part) => renderPart(part, options)),
      room,
    );
    if (lengthOf(blocks) <= room.characters) return blocks;
  }
  return cut(blocks, room.characters);
}

function inRoom(blocks: readonly ContainerPart[], room: Room): ContainerPart[] {
  return countOf(blocks) <= room.components ? [...blocks] : merged(blocks);
}

/** Neighbouring texts become one. */
function merged(blocks: readonly ContainerPart[]): ContainerPart[] {
  const result: ContainerPart[] = [];
  for (const block of blocks) {
    const last = result.at(-1);
    if (block.type === ComponentType.TextDisplay && last?.type === ComponentType.TextDisplay)
      result[result.length - 1] = { ...last, content: `${last.content}\n${block.content}` };
    else result.push(block);
  }
  return result;
}

/** The last resort: the text stops where the room ends. */
function cut(blocks: readonly ContainerPart[], characters: number): ContainerPart[] {
  let left = characters;
  return blocks.flatMap((block): ContainerPart[] => {
    if (block.type !== ComponentType.TextDisplay) return [block];
    const { length } = block.content;
    const content =
      length <= left ? block.content : `${clean(block.content.slice(0, Math.max(0, left - 1)))}…`;
    left -= content.length;
    return left < 0 || content === "…" ? [] : [{ ...block, content }];
  });
}

function renderPart(part: Part, options: RenderOptions): ContainerPart[] {
  const line = (text: Text): string => markdownLine(text, options.support);
  switch (part.kind) {
    case "heading":
      return textDisplay(`## ${line([part.text])}`);
    case "paragraph":
      return textDisplay(line(part.text));
    case "facts":
      return textDisplay(
        part.facts
          .map(({ label, value }) => line([{ kind: "bold", text: `${label}:` }, " ", ...value]))
          .join("\n"),
      );
    case "list":
      return textDisplay(part.items.map((item) => `- ${line(item)}`).join("\n"));
    case "steps":
      return textDisplay(
        [`### ${line([part.title])}`, ...part.steps.map((step) => line(stepText(step)))].join("\n"),
      );
    case "note":
      return textDisplay(`-# ${line(part.text)}`);
    case "verbatim":
      return textDisplay(`\`\`\`\n${part.text.replaceAll("`", "'")}\n\`\`\``);
    case "divider":
      return [{ type: ComponentType.Separator, divider: true, spacing: SeparatorSpacingSize.Small }];
    case "buttons":
      return renderButtons(part.buttons);
  }
}

/** None for blank text, which Discord refuses. */
function textDisplay(content: string): TextDisplay[] {
  return content.trim() === "" ? [] : [{ type: ComponentType.TextDisplay, content }];
}

/** A file shows only where a component refers to it (Discord, "Component Reference", File). */
function filesOf(attachment: Attachment | undefined): ContainerPart[] {
  if (attachment === undefined) return [];
  return [{ type: ComponentType.File, file: { url: `attachment://${attachment.name}` } }];
}

function countOf(blocks: readonly ContainerPart[]): number {
  return blocks.reduce((sum, block) => sum + 1 + ("components" in block ? block.components.length : 0), 0);
}

function lengthOf(blocks: readonly ContainerPart[]): number {
  return blocks.reduce(
    (sum, block) => sum + (block.type === ComponentType.TextDisplay ? block.content.length : 0),
    0,
  );
}
