import { enter, loadedOptions } from "../interact/enter.ts";
import { type Entered, offeredOptions } from "../interact/entered-value.ts";
import { findElement } from "../interact/find-element.ts";
import type { Origin } from "../interact/origin.ts";
import { type ClickOutcome, pressButton } from "../interact/press-button.ts";
import { suggest } from "../interact/suggest.ts";
import type { OpenView, SelectedOption, StateValue } from "../model.ts";
import { namesFrom } from "../render/names.ts";
import { valueText } from "../render/render-element.ts";
import { renderText } from "../render/render-text.ts";
import type { World } from "../world.ts";

export interface ShownOption {
  readonly value: string;
  readonly text: string;
}

/** A view as it stands now, and what a person can do in it. Elements are named by action_id, block_id or label. */
export class ViewHandle {
  readonly raw: OpenView;
  protected readonly world: World;

  constructor(world: World, raw: OpenView) {
    this.world = world;
    this.raw = raw;
  }

  get id(): string {
    return this.raw.wire.id;
  }

  get privateMetadata(): string {
    return this.raw.wire.private_metadata;
  }

  /** What a person reads, with what is entered so far. */
  text(): string {
    return renderText(this.raw.wire.blocks, "", {
      names: namesFrom(this.world.directory),
      values: this.raw.wire.state.values,
      errors: this.raw.errors,
    });
  }

  /** The options an element shows now; of an external select those loaded last. */
  options(element: string): ShownOption[] {
    const placed = findElement(this.raw.wire.blocks, element);
    const offered = [...offeredOptions(placed), ...loadedOptions(this.origin, placed)];
    return offered.map(shown);
  }

  /** The value of an element as Slack sends it. */
  state(element: string): StateValue | undefined {
    const { blockId, actionId } = findElement(this.raw.wire.blocks, element);
    return this.raw.wire.state.values[blockId]?.[actionId];
  }

  /** The value of an element as a person reads it; empty when nothing is entered. */
  value(element: string): string {
    return valueText(this.state(element), namesFrom(this.world.directory));
  }

  /** Chooses by option value or visible text; resolves once the app acknowledged, if it is told. */
  async choose(element: string, entered: Entered): Promise<void> {
    await enter(this.world, { ...this.by, element, entered });
  }

  /** Types a text and presses enter. */
  async type(element: string, text: string): Promise<void> {
    await enter(this.world, { ...this.by, element, entered: text });
  }

  /** Types into an external select; the options the app offers. */
  async suggest(element: string, text: string): Promise<ShownOption[]> {
    return (await suggest(this.world, { ...this.by, element, text })).map(shown);
  }

  click(button: string, options: { confirm?: boolean } = {}): Promise<ClickOutcome> {
    return pressButton(this.world, { ...this.by, button, confirm: options.confirm });
  }

  protected get origin(): Origin {
    return { kind: "view", view: this.raw };
  }

  private get by(): { userId: string; origin: Origin } {
    return { userId: this.raw.userId, origin: this.origin };
  }
}

function shown({ value, text }: SelectedOption): ShownOption {
  return { value: value ?? "", text: text.text };
}
