import type { ReadableMessage } from "./scripted-alice.ts";

/** What the scripted person did and found. */
export interface ScriptOutcome {
  /** Reasons why the run does not count as a success; empty when all is well. */
  readonly complaints: readonly string[];
  readonly lines: readonly string[];
}

/** Reads a migration aloud: its message in the channel and its thread. */
export function sayAll(root: ReadableMessage, say: (line: string) => void): void {
  say("\n— the message in #databases —\n");
  say(root.text());
  say("\n— its thread —\n");
  say(root.thread().text());
}
