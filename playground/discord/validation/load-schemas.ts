import { z } from "zod";

export type SchemaName =
  | "callbackMessage"
  | "callbackUpdate"
  | "callbackChoices"
  | "callbackModal"
  | "message"
  | "messageEdit"
  | "followUp"
  | "answerEdit"
  | "threadFromMessage"
  | "thread"
  | "threadChange"
  | "commands";

type Schemas = { readonly [Name in SchemaName]: z.ZodType };

let loaded: Promise<Schemas> | undefined;

/**
 * Schemas generated from Discord's OpenAPI file. Loading takes about a second, so it happens once, when the first local
 * Discord starts.
 */
export function loadSchemas(): Promise<Schemas> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Schemas> {
  const spec = await import("discord-api-spec/zod");
  return {
    callbackMessage: spec.CreateMessageInteractionCallbackRequestSchema,
    callbackUpdate: spec.UpdateMessageInteractionCallbackRequestSchema,
    callbackChoices: spec.ApplicationCommandAutocompleteCallbackRequestSchema,
    callbackModal: spec.ModalInteractionCallbackRequestSchema,
    message: spec.MessageCreateRequestSchema,
    messageEdit: spec.MessageEditRequestPartialSchema,
    followUp: spec.IncomingWebhookRequestPartialSchema,
    answerEdit: spec.IncomingWebhookUpdateRequestPartialSchema,
    threadFromMessage: spec.CreateTextThreadWithMessageRequestSchema,
    thread: spec.CreateTextThreadWithoutMessageRequestSchema,
    threadChange: spec.UpdateThreadRequestPartialSchema,
    commands: z.array(spec.ApplicationCommandUpdateRequestSchema),
  };
}
