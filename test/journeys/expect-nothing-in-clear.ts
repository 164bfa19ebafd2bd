import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { expect } from "vitest";
import { dump } from "../store/open-secrets.ts";
import type { ChatDriver } from "./platform/chat-driver.ts";
import type { Scene } from "./scene.ts";
import type { GodwitProcess } from "./start-godwit.ts";

/** Where a scene's secrets are known from, and who may have told them. */
export interface Witnesses extends Pick<Scene, "pool"> {
  readonly chats?: Scene["chats"];
  readonly environment: Readonly<Record<string, string>>;
  /** Where applications' env files lie. */
  readonly folder: string;
  readonly processes: readonly GodwitProcess[];
}

const SHORTEST = 8;

/** Every password, token and key that Godwit was told or has made up for an application. */
export async function canariesOf({ environment, folder }: Pick<Witnesses, "environment" | "folder">) {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".env"));
  const files = await Promise.all(
    names.map(async (name) => parseEnv(await readFile(join(folder, name), "utf8"))),
  );
  const canaries = [environment, ...files].flatMap((variables) =>
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : secretIn(name, value))),
  );
  return [...new Set(canaries)];
}

function secretIn(name: string, value: string): string[] {
  const password = URL.canParse(value) ? decodeURIComponent(new URL(value).password) : "";
  const isSecret = /TOKEN|SECRET|PASSWORD/.test(name);
  return [...(isSecret ? [value] : []), password].filter((text) => text.length >= SHORTEST);
}

/** Nobody reads a password, token or key in a chat, in what a process printed, or in any table of Godwit's database. */
export async function expectNothingInClear(witnesses: Witnesses): Promise<void> {
  const canaries = await canariesOf(witnesses);
  expect(canaries.length, "secrets to look for").toBeGreaterThan(1);
  const places = [
    ...(await dump(witnesses.pool)).split("\n").map((line) => ["Godwit's database", line] as const),
    ...(witnesses.chats ?? []).flatMap(said).map((text) => ["a chat", text] as const),
    ...witnesses.processes.flatMap((each) => each.printed()).map((line) => ["a log", line] as const),
  ];
  const found = places.filter(([, text]) => canaries.some((canary) => text.includes(canary)));
  expect(found.map(([place, text]) => `${place}: ${hide(text, canaries)}`)).toEqual([]);
}

/** Everything that people read on a platform. */
function said(chat: ChatDriver): string[] {
  const people = (["alice", "bob", "sam", "gina", "eve"] as const).map((name) => chat.person(name));
  const roots = chat.messages();
  return [
    ...roots.flatMap((root) => [root.text(), chat.threadOf(root.id).text()]),
    ...people.flatMap((person) => person.answers()),
    ...chat.supportPages(),
  ];
}

/** The report of a leak leaks no more. */
function hide(text: string, canaries: readonly string[]): string {
  return canaries.reduce((shown, canary) => shown.replaceAll(canary, "[SECRET]"), text).slice(0, 600);
}
