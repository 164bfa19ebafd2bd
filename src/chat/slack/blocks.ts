import type { types } from "@slack/bolt";

/** Slack's types of what we build, from the one package that Godwit depends on for them. */
export type ActionsBlock = types.ActionsBlock;
export type Button = types.Button;
export type ConfirmationDialog = types.ConfirmationDialog;
export type ContextBlock = types.ContextBlock;
export type HomeView = types.HomeView;
export type InputBlock = types.InputBlock;
export type KnownBlock = types.KnownBlock;
export type ModalView = types.ModalView;
export type PlainTextOption = types.PlainTextOption;
export type RichTextBlock = types.RichTextBlock;
export type RichTextElement = types.RichTextElement;
export type RichTextSection = types.RichTextSection;
export type TaskCardBlock = types.TaskCardBlock;
