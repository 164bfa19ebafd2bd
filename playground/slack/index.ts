export type { Action } from "./act.ts";
export type { Block } from "./blocks/block.ts";
export type { LocalSlack } from "./local-slack.ts";
export type { OpenView } from "./model.ts";
export type { MessageHandle, ThreadHandle } from "./person/message-handle.ts";
export { renderText } from "./render/render-text.ts";
export { defaultScopes, type LocalSlackOptions } from "./settings.ts";
export type { Snapshot } from "./snapshot.ts";
export { startLocalSlack } from "./start-local-slack.ts";
