import { z } from "zod";
import { checkInitial, checkOneSource, optionGroup, plainOption } from "./options.ts";
import { confirmDialog, identifier, placeholder } from "./text.ts";

const shared = {
  action_id: identifier,
  placeholder,
  confirm: confirmDialog.optional(),
  focus_on_load: z.boolean().optional(),
};
const several = { ...shared, max_selected_items: z.int().min(1).optional() };
const offered = {
  options: z.array(plainOption).min(1).max(100).optional(),
  option_groups: z.array(optionGroup).min(1).max(100).optional(),
};
const conversationFilter = z
  .strictObject({
    include: z
      .array(z.enum(["im", "mpim", "private", "public"]))
      .min(1)
      .optional(),
    exclude_external_shared_channels: z.boolean().optional(),
    exclude_bot_users: z.boolean().optional(),
  })
  .optional();
const ids = z.array(z.string()).optional();

const staticSelect = z
  .strictObject({
    type: z.literal("static_select"),
    ...shared,
    ...offered,
    initial_option: plainOption.optional(),
  })
  .check((payload) => checkOneSource(payload.value, payload))
  .check((payload) => checkInitial(payload.value, payload));

const multiStaticSelect = z
  .strictObject({
    type: z.literal("multi_static_select"),
    ...several,
    ...offered,
    initial_options: z.array(plainOption).min(1).optional(),
  })
  .check((payload) => checkOneSource(payload.value, payload))
  .check((payload) => checkInitial(payload.value, payload));

const externalSelect = z.strictObject({
  type: z.literal("external_select"),
  ...shared,
  min_query_length: z.int().min(0).optional(),
  initial_option: plainOption.optional(),
});

const multiExternalSelect = z.strictObject({
  type: z.literal("multi_external_select"),
  ...several,
  min_query_length: z.int().min(0).optional(),
  initial_options: z.array(plainOption).min(1).optional(),
});

const usersSelect = z.strictObject({
  type: z.literal("users_select"),
  ...shared,
  initial_user: z.string().optional(),
});

const multiUsersSelect = z.strictObject({
  type: z.literal("multi_users_select"),
  ...several,
  initial_users: ids,
});

const channelsSelect = z.strictObject({
  type: z.literal("channels_select"),
  ...shared,
  initial_channel: z.string().optional(),
  response_url_enabled: z.boolean().optional(),
});

const multiChannelsSelect = z.strictObject({
  type: z.literal("multi_channels_select"),
  ...several,
  initial_channels: ids,
});

const conversationsSelect = z.strictObject({
  type: z.literal("conversations_select"),
  ...shared,
  initial_conversation: z.string().optional(),
  default_to_current_conversation: z.boolean().optional(),
  response_url_enabled: z.boolean().optional(),
  filter: conversationFilter,
});

const multiConversationsSelect = z.strictObject({
  type: z.literal("multi_conversations_select"),
  ...several,
  initial_conversations: ids,
  default_to_current_conversation: z.boolean().optional(),
  filter: conversationFilter,
});

export const selects = [
  staticSelect,
  multiStaticSelect,
  externalSelect,
  multiExternalSelect,
  usersSelect,
  multiUsersSelect,
  channelsSelect,
  multiChannelsSelect,
  conversationsSelect,
  multiConversationsSelect,
] as const;
