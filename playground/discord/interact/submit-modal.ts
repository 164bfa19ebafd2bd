import type { Component, Field } from "../components/component.ts";
import type { EnteredValue, Json, Message, OpenModal } from "../model.ts";
import { isRequired, toList } from "../render/render-modal.ts";
import type { World } from "../world.ts";
import { deliver } from "./deliver.ts";
import { fieldsOf, type PlacedField } from "./find-component.ts";
import { resolveIds } from "./option-value.ts";
import type { ClickOutcome } from "./press-button.ts";

/**
 * Presses the submit button of a modal. It closes when the app answers, and stays open when it does not.
 * @throws Error when the client would not send it, because something required is missing
 */
export async function submitModal(world: World, modal: OpenModal): Promise<ClickOutcome> {
  if (modal.state === "submitting") throw new Error(`the modal "${modal.title}" is being submitted`);
  for (const placed of fieldsOf(modal.components)) requireComplete(placed, modal.values[placed.customId]);
  world.modals.mark(modal, "submitting");
  const { ack } = await deliver(world, {
    kind: "modal",
    userId: modal.userId,
    channelId: modal.channelId,
    commandName: "",
    customId: modal.customId,
    message: originOf(world, modal),
    modal,
    data: submission(world, modal),
  });
  if (ack.acked) world.modals.close(modal);
  else world.modals.mark(modal, "failed");
  return { kind: "sent", ack };
}

function originOf(world: World, modal: OpenModal): Message | undefined {
  return modal.messageId === null ? undefined : world.messages.findAnywhere(modal.messageId);
}

function requireComplete({ field, label }: PlacedField, value: EnteredValue = null): void {
  if (field.type === 23) return;
  const count = toList(value).length;
  if (count === 0) {
    if (isRequired(field)) throw new Error(`"${label}" is required`);
    return;
  }
  const least = leastOf(field);
  const size = field.type === 4 ? String(value).length : count;
  if (size < least) throw new Error(`"${label}" takes at least ${least}`);
}

function leastOf(field: Exclude<Field, { type: 23 }>): number {
  if (field.type === 4) return field.min_length ?? 0;
  return field.type === 21 ? 1 : (field.min_values ?? 1);
}

/** `data` of a modal submit: every component the app sent, with its id and what was entered. */
function submission(world: World, modal: OpenModal): Json {
  const entities = fieldsOf(modal.components)
    .filter(({ field }) => field.type >= 5 && field.type <= 8)
    .flatMap(({ customId }) => toList(modal.values[customId] ?? null));
  return {
    custom_id: modal.customId,
    components: modal.components.map((component) => submittedPart(component, modal)),
    ...(entities.length === 0 ? {} : { resolved: resolveIds(world, entities) }),
  };
}

function submittedPart(component: Component, modal: OpenModal): Json {
  const { type, id } = component;
  if (component.type === 18) return { type, id, component: submittedField(component.component, modal) };
  if (component.type !== 1) return { type, id };
  const fields = component.components.filter((field) => field.type === 4);
  return { type, id, components: fields.map((field) => submittedField(field, modal)) };
}

/** A single value is `value`, several are `values` ("Discord, Component Reference": interaction responses). */
function submittedField(field: Field, modal: OpenModal): Json {
  const value = modal.values[field.custom_id] ?? null;
  const shared = { type: field.type, id: field.id, custom_id: field.custom_id };
  if (field.type === 4) return { ...shared, value: value ?? "" };
  if (field.type === 21 || field.type === 23) return { ...shared, value };
  return { ...shared, values: toList(value) };
}
