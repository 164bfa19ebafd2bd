import type { z } from "zod";
import type { Policy } from "../core/policy.ts";
import type { EngineCapabilities } from "../core/ports/engine-capabilities.ts";
import { type ProviderConfig, providersSchema } from "../providers/index.ts";
import { record } from "../validation/fields.ts";
import { timeZone } from "../validation/maintenance.ts";
import { explainIssue } from "./explain-issue.ts";
import type { Environment } from "./interpolate.ts";
import { type MirrorConfig, mirrorSchema } from "./mirror.ts";
import { policySchema } from "./policy.ts";
import type { Problem } from "./problem.ts";
import { type SupportConfig, supportSchema } from "./support.ts";
import { parseYamlFile } from "./yaml-file.ts";

/** What godwit.yaml says. */
export interface FileConfig {
  readonly support: SupportConfig;
  readonly providers: readonly ProviderConfig[];
  readonly policy: Policy;
  readonly mirror: MirrorConfig;
  /** In which times are read that people type without one. */
  readonly timeZone: string;
}

/** What reading godwit.yaml needs to know. */
export interface FileInput {
  readonly text: string;
  /** How problems call the file. */
  readonly name: string;
  /** Absolute folder that relative paths in the file start from. */
  readonly folder: string;
  readonly environment: Environment;
  /** Engines that exist; absent means that any name is taken. */
  readonly engines?: Readonly<Record<string, EngineCapabilities>>;
}

/** Reads the text of godwit.yaml; `config` is null when there are problems. */
export function readFileConfig(input: FileInput): {
  readonly config: FileConfig | null;
  readonly problems: readonly Problem[];
} {
  const file = parseYamlFile(input.text, input.name, input.environment);
  if (file.value === undefined) return { config: null, problems: file.problems };
  const parsed = fileSchema(input).safeParse(file.value ?? {});
  const issues = parsed.success ? [] : parsed.error.issues.flatMap((issue) => explainIssue(issue, file));
  const problems = [...file.problems, ...issues];
  return { config: parsed.success && problems.length === 0 ? parsed.data : null, problems };
}

function fileSchema(input: FileInput): z.ZodType<FileConfig> {
  return record({
    support: supportSchema,
    providers: providersSchema({ folder: input.folder, engines: input.engines }),
    policy: policySchema,
    mirror: mirrorSchema,
    timezone: timeZone().default("UTC"),
  }).transform(({ timezone, ...rest }): FileConfig => ({ ...rest, timeZone: timezone }));
}
