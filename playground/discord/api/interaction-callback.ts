import { assignIds } from "../components/assign-ids.ts";
import type { Component } from "../components/component.ts";
import { hasFlag, messageFlags } from "../flags.ts";
import { initialValue } from "../interact/enter-in-modal.ts";
import { fieldsOf } from "../interact/find-component.ts";
import type { CommandChoice, EphemeralMessage, Message } from "../model.ts";
import { refuse } from "../refusal.ts";
import { namesFrom } from "../render/names.ts";
import { renderText } from "../render/render-text.ts";
import { refuseMisuse } from "../report-violation.ts";
import type { FirstResponse, Interaction } from "../state/interactions.ts";
import { callbackRules } from "../validation/callback-rules.ts";
import type { SchemaName } from "../validation/load-schemas.ts";
import { callbackTypes, responseKind } from "./callback-types.ts";
import { fillIn, postAnswer } from "./interaction-answer.ts";
import { isEmpty, type MessageBody } from "./message-body.ts";
import { interactionTypes, messageWire } from "./message-wire.ts";
import { type Answer, type Call, defineRoute, noContent, ok, param } from "./route.ts";

const schemas: Record<number, SchemaName> = {
  4: "callbackMessage",
  5: "callbackMessage",
  6: "callbackUpdate",
  7: "callbackUpdate",
  8: "callbackChoices",
  9: "callbackModal",
};

interface CallbackBody {
  readonly type: number;
  readonly data?:
    | (MessageBody & {
        readonly choices?: readonly CommandChoice[];
        readonly custom_id?: string;
        readonly title?: string;
      })
    | null;
}

/** The first response to an interaction ("Discord, Create Interaction Response"). */
export const postCallback = defineRoute({
  name: "POST /interactions/{interaction}/{token}/callback",
  auth: "none",
  limit: "unlimited",
  schema: (body) => schemas[Number(body.type)],
  rules: callbackRules,
  run: respond,
});

function respond(call: Call): Answer {
  const { world } = call;
  const interaction = world.interactions.find(param(call, "interaction"));
  if (interaction?.token !== param(call, "token")) refuse("unknownInteraction");
  if (interaction.response) {
    refuseMisuse(world, {
      where: call.route,
      name: "alreadyAcknowledged",
      code: 40_060,
      message: `a second first response to the ${interaction.state.kind} ${interaction.state.id}`,
    });
  }
  const isLate = world.interactions.ageMs(interaction) > world.settings.interactionTimeoutMs;
  if (interaction.state.state === "failed" || isLate) refuse("unknownInteraction");
  const body = call.body as unknown as CallbackBody;
  const message = take(call, interaction, body);
  const text = message && !message.isThinking ? renderText(message, namesFrom(world.directory)) : undefined;
  settle(call, interaction, {
    kind: responseKind(body.type),
    choices: body.data?.choices ?? [],
    ...(text === undefined ? {} : { text }),
  });
  if (call.query.get("with_response") !== "true") return noContent;
  return ok(callbackWire(call, interaction, { type: body.type, message }));
}

function settle(call: Call, interaction: Interaction, response: FirstResponse): void {
  interaction.response = response;
  call.world.interactions.mark(interaction, response.kind === "thinking" ? "thinking" : "answered");
  interaction.onResponse(response);
}

/** Does what the response says; the message it made or changed, if any. */
function take(call: Call, interaction: Interaction, body: CallbackBody): Message | undefined {
  const { world, files } = call;
  const data = body.data ?? {};
  switch (body.type) {
    case callbackTypes.message:
      if (isEmpty(data, files)) refuse("emptyMessage");
      return postAnswer(world, interaction, { body: data, files, isThinking: false });
    case callbackTypes.thinking:
      return postAnswer(world, interaction, { body: data, files, isThinking: true });
    case callbackTypes.deferredUpdate:
      return origin(call, interaction);
    case callbackTypes.update: {
      const message = origin(call, interaction);
      fillIn(world, interaction, { message, body: data, files });
      return message;
    }
    case callbackTypes.modal:
      showModal(call, interaction, data);
      return undefined;
    default:
      return undefined;
  }
}

/** The message whose component was used: `@original` for updates. */
function origin(call: Call, interaction: Interaction): Message | EphemeralMessage {
  const { messageId } = interaction.state;
  const message = messageId === null ? undefined : call.world.messages.findAnywhere(messageId);
  if (!message) refuse("unknownMessage");
  interaction.originalId = message.id;
  interaction.messageIds.add(message.id);
  return message;
}

function showModal(call: Call, interaction: Interaction, data: NonNullable<CallbackBody["data"]>): void {
  const components: Component[] = assignIds(data.components ?? []);
  const fields = fieldsOf(components).map(({ customId, field }) => [customId, initialValue(field)] as const);
  call.world.modals.show({
    id: interaction.state.id,
    userId: interaction.state.userId,
    channelId: interaction.state.channelId,
    customId: data.custom_id ?? "",
    title: data.title ?? "",
    components,
    values: Object.fromEntries(fields),
    state: "open",
    messageId: interaction.state.messageId,
  });
}

function callbackWire(
  call: Call,
  { state }: Interaction,
  { type, message }: { type: number; message: Message | undefined },
) {
  const wire = message && messageWire(call.world, message);
  const flags = typeof wire?.flags === "number" ? wire.flags : 0;
  const answered = message
    ? {
        response_message_id: message.id,
        response_message_loading: hasFlag(flags, messageFlags.loading),
        response_message_ephemeral: hasFlag(flags, messageFlags.ephemeral),
      }
    : {};
  return {
    interaction: { id: state.id, type: interactionTypes[state.kind], ...answered },
    resource: { type, ...(wire ? { message: wire } : {}) },
  };
}
