import { allowedTypes, callbackTypes } from "../api/callback-types.ts";
import type { MessageBody } from "../api/message-body.ts";
import { type Call, param } from "../api/route.ts";
import type { Component } from "../components/component.ts";
import { messageFlags } from "../flags.ts";
import type { Message } from "../model.ts";
import type { Interaction } from "../state/interactions.ts";
import { treeRules } from "./component-rules.ts";
import { type Finding, finding } from "./finding.ts";
import { fileNames, messageRules } from "./message-rules.ts";

/** "Discord, Modal": top-level components. */
const modalLimit = 5;

/** Rules for first responses: which type answers what, and what it may hold. */
export function callbackRules(call: Call): readonly Finding[] {
  const interaction = call.world.interactions.find(param(call, "interaction"));
  const type = Number(call.body.type);
  const body = (call.body.data ?? {}) as MessageBody;
  const misplaced = interaction ? typeRules(interaction, type) : [];
  if (misplaced.length > 0) return misplaced;
  switch (type) {
    case callbackTypes.thinking:
      return deferralRules(body);
    case callbackTypes.message:
      return messageRules(body, {
        path: ["data"],
        fileNames: fileNames(call),
        moreFlags: messageFlags.ephemeral,
      });
    case callbackTypes.update:
      return messageRules(body, {
        path: ["data"],
        fileNames: fileNames(call),
        edited: interaction && originOf(call, interaction),
      });
    case callbackTypes.modal:
      return modalRules(body.components ?? []);
    default:
      return [];
  }
}

function originOf(call: Call, { state }: Interaction): Message | undefined {
  return state.messageId === null ? undefined : call.world.messages.findAnywhere(state.messageId);
}

/** A modal answers no modal, an update needs a message, choices answer autocomplete alone. */
function typeRules({ state }: Interaction, type: number): Finding[] {
  const allowed = allowedTypes(state.kind, state.messageId !== null);
  if (allowed.includes(type)) return [];
  const message = `Value must be one of {${allowed.join(", ")}}: it answers a ${state.kind}.`;
  return [finding(["type"], "BASE_TYPE_CHOICES", message)];
}

/** Only EPHEMERAL can be said when deferring ("Discord, Interaction Callback Type"). */
function deferralRules(body: MessageBody): Finding[] {
  const others = (body.flags ?? 0) & ~messageFlags.ephemeral;
  const isFilled = Boolean(body.content) || (body.components ?? []).length > 0;
  return [
    ...(others === 0
      ? []
      : [finding(["data", "flags"], "BITFIELD_INVALID", "only EPHEMERAL can be set here")]),
    ...(isFilled ? [finding(["data"], "BASE_TYPE_INVALID", "a deferral has no content")] : []),
  ];
}

function modalRules(components: readonly Component[]): Finding[] {
  const path = ["data", "components"];
  const tooMany = `Must be between 1 and ${modalLimit} in length.`;
  return [
    ...(components.length > modalLimit ? [finding(path, "BASE_TYPE_BAD_LENGTH", tooMany)] : []),
    ...treeRules(components, path),
    ...components.flatMap((component, index) => {
      const field = component.type === 18 ? component.component : undefined;
      const isDisabled = field !== undefined && "disabled" in field && field.disabled === true;
      const place = [...path, index, "component", "disabled"];
      return isDisabled
        ? [finding(place, "COMPONENT_DISABLED_IN_MODAL", "cannot be disabled in a modal")]
        : [];
    }),
  ];
}
