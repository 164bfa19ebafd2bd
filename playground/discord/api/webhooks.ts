import type { EphemeralMessage, Message } from "../model.ts";
import { refuse } from "../refusal.ts";
import { refuseMisuse } from "../report-violation.ts";
import { dispatchMessage } from "../state/dispatch-message.ts";
import { findAnswer } from "../state/find-answer.ts";
import type { Interaction } from "../state/interactions.ts";
import { answerEditRules, followUpRules } from "../validation/message-rules.ts";
import { fillIn, postAnswer } from "./interaction-answer.ts";
import { isEmpty, type MessageBody } from "./message-body.ts";
import { messageWire } from "./message-wire.ts";
import { type Call, defineRoute, noContent, ok, param } from "./route.ts";

/** Posts a follow-up; the first one after a deferral fills that in ("Discord, Followup Messages"). */
export const postFollowUp = defineRoute({
  name: "POST /webhooks/{application}/{token}",
  auth: "none",
  limit: "unlimited",
  schema: () => "followUp",
  rules: followUpRules,
  run: (call) => {
    const { world, files } = call;
    const interaction = reachInteraction(call);
    const body = call.body as MessageBody;
    if (isEmpty(body, files)) refuse("emptyMessage");
    const deferred = findAnswer(call.world, interaction, "@original");
    if (deferred?.isThinking) {
      fillIn(world, interaction, { message: deferred, body, files });
      return ok(messageWire(world, deferred));
    }
    return ok(messageWire(world, postAnswer(world, interaction, { body, files, isThinking: false })));
  },
});

export const patchAnswer = defineRoute({
  name: "PATCH /webhooks/{application}/{token}/messages/{message}",
  auth: "none",
  limit: "unlimited",
  schema: () => "answerEdit",
  rules: answerEditRules,
  run: (call) => {
    const interaction = reachInteraction(call);
    const message = reachAnswer(call, interaction);
    fillIn(call.world, interaction, { message, body: call.body, files: call.files });
    return ok(messageWire(call.world, message));
  },
});

export const getAnswer = defineRoute({
  name: "GET /webhooks/{application}/{token}/messages/{message}",
  auth: "none",
  limit: "unlimited",
  run: (call) => ok(messageWire(call.world, reachAnswer(call, reachInteraction(call)))),
});

export const deleteAnswer = defineRoute({
  name: "DELETE /webhooks/{application}/{token}/messages/{message}",
  auth: "none",
  limit: "unlimited",
  run: (call) => {
    const message = reachAnswer(call, reachInteraction(call));
    call.world.messages.delete(message);
    if (!("ephemeralFor" in message)) dispatchMessage(call.world, message, "DELETE");
    return noContent;
  },
});

/** The interaction behind a token that is alive and was answered once. */
function reachInteraction(call: Call): Interaction {
  const { world } = call;
  const interaction = world.interactions.findByToken(param(call, "token"));
  if (!interaction || param(call, "application") !== world.settings.applicationId) refuse("unknownWebhook");
  if (world.interactions.isExpired(interaction)) {
    refuseMisuse(world, {
      where: call.route,
      name: "invalidToken",
      code: 50_027,
      message: `the token of the ${interaction.state.kind} ${interaction.state.id} is over 15 minutes old`,
    });
  }
  if (!interaction.response || interaction.response.kind === "choices") refuse("unknownWebhook");
  return interaction;
}

function reachAnswer(call: Call, interaction: Interaction): Message | EphemeralMessage {
  return findAnswer(call.world, interaction, param(call, "message")) ?? refuse("unknownMessage");
}
