import type { App, BlockAction, ViewSubmitAction } from "@slack/bolt";
import { REASON_CALLBACK } from "./ask-reason.ts";
import { ADDON_ACTION, AGAIN_ACTION, FIELD_PATTERN, FORM_CALLBACK } from "./form.ts";
import { onCommand } from "./on-command.ts";
import { onFormChange, onTryAgain, suggestAddons } from "./on-form.ts";
import { onHomeOpened } from "./on-home.ts";
import { onPress } from "./on-press.ts";
import { onReason } from "./on-reason.ts";
import { onSubmit } from "./on-submit.ts";
import { PRESS_PATTERN } from "./render-buttons.ts";
import type { SlackSession } from "./session.ts";

const ANY_COMMAND = /^\//u;

/** Registers every listener. Each acknowledges first and then works, so that no provider can delay Slack. */
export function registerListeners(app: App, session: SlackSession): void {
  app.command(ANY_COMMAND, async ({ ack, command }) => {
    await ack();
    await onCommand(session, command);
  });
  app.view<ViewSubmitAction>(
    { callback_id: FORM_CALLBACK, type: "view_submission" },
    async ({ ack, body, view }) => {
      await onSubmit(session, { view, user: { ...body.user, teamId: body.user.team_id } }, ack);
    },
  );
  app.view<ViewSubmitAction>(
    { callback_id: REASON_CALLBACK, type: "view_submission" },
    async ({ ack, body }) => {
      await ack();
      await onReason(session, body);
    },
  );
  app.options<"block_suggestion">(
    { type: "block_suggestion", action_id: ADDON_ACTION },
    async ({ ack, options }) => {
      await ack({ options: await suggestAddons(session, options) });
    },
  );
  app.event("app_home_opened", async ({ event }) => {
    if (event.tab === "home") await onHomeOpened(session, { userId: event.user, channel: event.channel });
  });
  registerActions(app, session);
  app.error(async (error) => session.log.error({ code: error.code, error }, "slack listener failed"));
}

function registerActions(app: App, session: SlackSession): void {
  app.action<BlockAction>(
    { type: "block_actions", action_id: PRESS_PATTERN },
    async ({ ack, body, action }) => {
      await ack();
      if (action.type === "button") await onPress(session, body, action);
    },
  );
  app.action<BlockAction>({ type: "block_actions", action_id: ADDON_ACTION }, async ({ ack, body }) => {
    await ack();
    if (body.view !== undefined) await onFormChange(session, formAction(body, body.view), true);
  });
  app.action<BlockAction>({ type: "block_actions", action_id: FIELD_PATTERN }, async ({ ack, body }) => {
    await ack();
    if (body.view !== undefined) await onFormChange(session, formAction(body, body.view), false);
  });
  app.action<BlockAction>({ type: "block_actions", action_id: AGAIN_ACTION }, async ({ ack, body }) => {
    await ack();
    if (body.view !== undefined) await onTryAgain(session, formAction(body, body.view));
  });
}

function formAction(body: BlockAction, view: NonNullable<BlockAction["view"]>) {
  return { view, user: { id: body.user.id, name: body.user.username, teamId: body.user.team_id } };
}
