/** The package names its JavaScript as its declarations, which compilers refuse. Here is what is used of it. */
declare module "discord-api-spec/zod" {
  import type { ZodType } from "zod";

  export const CreateMessageInteractionCallbackRequestSchema: ZodType;
  export const UpdateMessageInteractionCallbackRequestSchema: ZodType;
  export const ApplicationCommandAutocompleteCallbackRequestSchema: ZodType;
  export const ModalInteractionCallbackRequestSchema: ZodType;
  export const MessageCreateRequestSchema: ZodType;
  export const MessageEditRequestPartialSchema: ZodType;
  export const IncomingWebhookRequestPartialSchema: ZodType;
  export const IncomingWebhookUpdateRequestPartialSchema: ZodType;
  export const CreateTextThreadWithMessageRequestSchema: ZodType;
  export const CreateTextThreadWithoutMessageRequestSchema: ZodType;
  export const UpdateThreadRequestPartialSchema: ZodType;
  export const ApplicationCommandUpdateRequestSchema: ZodType;
}
