import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { commands } from "../commands/index.ts";
import { CHAT_PLATFORMS } from "../src/chat/index.ts";
import { engines } from "../src/engines/index.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Who may import whom, by folder below src; `*` is the folder itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  migrations: ["core"],
  providers: ["core", "engines", "validation"],
  engines: ["core"],
  chat: ["core"],
  queue: ["core"],
  store: ["core"],
  config: ["core", "providers", "validation"],
  validation: ["core"],
};

describe("the house", () => {
  it.each(Object.keys(MAY_IMPORT))("src/%s imports only what it may", async (folder) => {
    const allowed = new Set([folder, ...(MAY_IMPORT[folder] ?? [])]);
    const strays: string[] = [];
    for (const file of await sources(join(ROOT, "src", folder))) {
      for (const target of await importedFolders(file))
        if (!allowed.has(target)) strays.push(`${file} -> ${target}`);
    }

    expect(strays).toEqual([]);
  });

  it("joins adapters in app.ts alone", async () => {
    const joined = ["chat", "engines", "providers", "queue", "store"];
    const app = await importedFolders(join(ROOT, "src/app.ts"));

    expect(joined.filter((folder) => !app.includes(folder))).toEqual([]);
  });

  it("lists every engine, chat platform and subcommand that has a folder or a file", async () => {
    const engineFolders = await folders("src/engines");
    const platformFolders = await foldersWithIndex("src/chat");
    const commandFiles = (await readdir(join(ROOT, "commands")))
      .map((name) => name.replace(/\.ts$/, ""))
      .filter((name) => !["index", "command"].includes(name));

    expect(engineFolders).toEqual(Object.keys(engines).sort());
    expect(platformFolders).toEqual(Object.keys(CHAT_PLATFORMS).sort());
    expect(commandFiles.sort()).toEqual(commands.map(({ name }) => name).sort());
  });

  it("names every subcommand in the manifest, and no other", async () => {
    const manifest = parse(await readFile(join(ROOT, "manifest.yml"), "utf8"));
    const [command] = manifest.features.slash_commands;

    expect(command.command).toBe("/db");
    expect(command.usage_hint.split(" | ")).toEqual(commands.map(({ name }) => name));
  });

  it("asks in the manifest for the scopes that the code knows, and requires two of them", async () => {
    const manifest = parse(await readFile(join(ROOT, "manifest.yml"), "utf8"));
    const { bot, bot_optional } = manifest.oauth_config.scopes;
    const diagnosis = await readFile(join(ROOT, "src/chat/slack/diagnose.ts"), "utf8");

    expect(bot).toEqual(["commands", "chat:write"]);
    for (const scope of bot_optional) expect(diagnosis).toContain(scope);
  });
});

describe("the lockfile", () => {
  it("names every platform's optional packages, without which npm ci refuses to install", async () => {
    const { packages } = JSON.parse(await readFile(join(ROOT, "package-lock.json"), "utf8"));
    const names = new Set(Object.keys(packages).map((path) => path.split("node_modules/").at(-1)));
    const wanted = Object.values<{ optionalDependencies?: Record<string, string> }>(packages).flatMap(
      ({ optionalDependencies = {} }) => Object.keys(optionalDependencies),
    );

    expect(wanted.filter((name) => !names.has(name))).toEqual([]);
  });

  it("names no registry", async () => {
    expect(await readFile(join(ROOT, "package-lock.json"), "utf8")).not.toMatch(/"resolved"/);
  });
});

async function sources(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries.filter((name) => name.endsWith(".ts")).map((name) => join(folder, name));
}

/** Folders below src (and `commands`) that a file imports from. */
async function importedFolders(file: string): Promise<string[]> {
  const text = await readFile(file, "utf8");
  const paths = [...text.matchAll(/from "(\.[^"]+)"/g)].map(([, path]) => join(file, "..", path ?? ""));
  return paths
    .map((path) => path.slice(ROOT.length).split("/"))
    .map(([top, second]) => (top === "src" ? (second ?? "") : (top ?? "")));
}

/** Adapters have an index; what they share has none. */
async function foldersWithIndex(path: string): Promise<string[]> {
  const names = await folders(path);
  const files = await Promise.all(names.map((name) => readdir(join(ROOT, path, name))));
  return names.filter((_, index) => files[index]?.includes("index.ts"));
}

async function folders(path: string): Promise<string[]> {
  const entries = await readdir(join(ROOT, path), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
