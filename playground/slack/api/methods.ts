import { chatPostEphemeral, chatPostMessage } from "./chat-post.ts";
import { chatDelete, chatGetPermalink, chatUpdate } from "./chat-update.ts";
import {
  conversationsHistory,
  conversationsInfo,
  conversationsOpen,
  conversationsReplies,
} from "./conversations.ts";
import { filesCompleteUpload, filesGetUploadUrl } from "./files.ts";
import type { Method } from "./method.ts";
import { appsConnectionsOpen, authTest, usergroupsList, usergroupsUsersList, usersInfo } from "./people.ts";
import { viewsOpen, viewsPublish, viewsPush, viewsUpdate } from "./views.ts";

/** The Web API methods this local Slack speaks. */
export const methods: ReadonlyMap<string, Method> = new Map([
  authTest,
  appsConnectionsOpen,
  chatPostMessage,
  chatPostEphemeral,
  chatUpdate,
  chatDelete,
  chatGetPermalink,
  viewsOpen,
  viewsPush,
  viewsUpdate,
  viewsPublish,
  usersInfo,
  usergroupsList,
  usergroupsUsersList,
  conversationsInfo,
  conversationsOpen,
  conversationsReplies,
  conversationsHistory,
  filesGetUploadUrl,
  filesCompleteUpload,
]);
