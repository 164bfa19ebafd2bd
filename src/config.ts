import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { type EnvironmentConfig, readEnvironment } from "./config/environment.ts";
import { type FileConfig, readFileConfig } from "./config/file.ts";
import { deepFreeze } from "./config/freeze.ts";
import type { Environment } from "./config/interpolate.ts";
import { badConfiguration, type Problem } from "./config/problem.ts";
import { GodwitError } from "./core/failure.ts";
import type { EngineCapabilities } from "./core/ports/engine-capabilities.ts";

export type { AdminAddress, LogLevel } from "./config/variables.ts";

/** Everything that Godwit is told: environment variables and godwit.yaml. Frozen. */
export interface Config extends EnvironmentConfig, FileConfig {
  /** Absolute path of godwit.yaml. */
  readonly file: string;
}

/** Where configuration comes from. */
export interface ConfigSource {
  readonly environment: Environment;
  /** Folder that `GODWIT_CONFIG` is relative to. */
  readonly folder: string;
  /** Engines that exist, by ID; a plan or server of another engine is a problem. */
  readonly engines?: Readonly<Record<string, EngineCapabilities>>;
}

/** Reads all configuration. Throws a `GodwitError` (`bad-configuration`) that lists every problem. */
export async function loadConfig(source: ConfigSource): Promise<Config> {
  const environment = readEnvironment(source.environment);
  const file = resolve(source.folder, environment.config?.configPath ?? configPathOf(source.environment));
  const { folder: _, ...rest } = source;
  const input = { ...rest, text: await readText(file), name: basename(file), folder: dirname(file) };
  const yaml = readFileConfig(input);
  if (environment.config === null || yaml.config === null)
    throw badConfiguration([...environment.problems, ...yaml.problems]);
  const config = { ...environment.config, ...yaml.config, file };
  const problems = mirrorProblems(config);
  if (problems.length > 0) throw badConfiguration(problems);
  return deepFreeze(config);
}

/** A mirror on a platform that is not connected would never show anything. */
function mirrorProblems({ mirror, slack, discord }: Config): Problem[] {
  const problem = (platform: string, variable: string): Problem => ({
    where: "godwit.yaml",
    what: `mirror.${platform} names a channel, but ${variable} is not set; set it, or leave mirror.${platform} out`,
  });
  return [
    ...(mirror.slack !== null && slack === null ? [problem("slack", "SLACK_BOT_TOKEN")] : []),
    ...(mirror.discord !== null && discord === null ? [problem("discord", "DISCORD_TOKEN")] : []),
  ];
}

/** Reads only the environment variables, for what needs no godwit.yaml. Throws as `loadConfig` does. */
export function loadEnvironment(environment: Environment): EnvironmentConfig {
  const { config, problems } = readEnvironment(environment);
  if (config === null) throw badConfiguration(problems);
  return deepFreeze(config);
}

function configPathOf(environment: Environment): string {
  return environment["GODWIT_CONFIG"] || "godwit.yaml";
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new GodwitError({
      code: "bad-configuration",
      summary: `The configuration file ${file} cannot be read (${(cause as NodeJS.ErrnoException).code}).`,
      remedy: "Write one as the README shows, or set GODWIT_CONFIG to the path of yours.",
      cause,
    });
  }
}
