import {
  type Document,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from "yaml";
import { type Environment, interpolate } from "./interpolate.ts";
import type { Problem } from "./problem.ts";

/** Where a value stands in the file: keys and indexes from the top. */
export type KeyPath = readonly PropertyKey[];

/** A YAML file that was read, with the environment worked into it. */
export interface YamlFile {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** `godwit.yaml:12` for the value or key at a path, or for the nearest thing around it. */
  locate(path: KeyPath): string;
  /** The value as it is written, before `${NAME}` was replaced; undefined when there is none. */
  writtenAt(path: KeyPath): unknown;
  /** Whether the value names a variable that is not set, which is a problem of its own. */
  isUnset(path: KeyPath): boolean;
}

/** Parses YAML and replaces `${NAME}` in its texts. `name` is how problems call the file. */
export function parseYamlFile(text: string, name: string, environment: Environment): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
  const at = (offset: number) => `${name}:${lines.linePos(offset).line}`;
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      where: at(error.pos[0]),
      what: `is not valid YAML: ${error.message}`,
    }));
    return unreadable(name, problems);
  }
  const written = document.clone() as Document;
  const problems = replaceVariables(document, environment, at);
  const read = toPlain(document);
  if ("problem" in read) return unreadable(name, [{ where: name, what: read.problem }]);
  return {
    value: read.value,
    problems,
    locate: (path) => at(offsetOf(written, path)),
    writtenAt: (path) => valueOf(written, path),
    isUnset: (path) => {
      const value = valueOf(written, path);
      return typeof value === "string" && interpolate(value, environment).unset.length > 0;
    },
  };
}

/** Aliases are looked up only now; their number is limited, against files that would fill the memory. */
function toPlain(document: Document): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: document.toJS() };
  } catch (error) {
    return { problem: `is not valid YAML: ${error instanceof Error ? error.message : "it cannot be read"}` };
  }
}

function unreadable(name: string, problems: readonly Problem[]): YamlFile {
  const locate = () => name;
  return { value: undefined, problems, locate, writtenAt: () => undefined, isUnset: () => false };
}

function replaceVariables(
  document: Document,
  environment: Environment,
  at: (offset: number) => string,
): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Scalar(key, node) {
      if (key === "key" || typeof node.value !== "string") return;
      const { text, unset } = interpolate(node.value, environment);
      node.value = text;
      for (const name of unset)
        problems.push({
          where: at(node.range?.[0] ?? 0),
          what: `\${${name}} is not set in the environment; set the variable ${name}`,
        });
    },
  });
  return problems;
}

function valueOf(document: Document, path: KeyPath): unknown {
  const node = document.getIn(path, true);
  if (isScalar(node)) return typeof node.value === "number" ? (node.source ?? node.value) : node.value;
  return node === undefined ? undefined : (node as Node).toJS(document);
}

/** The key's offset where the path ends at a key of a map, else the value's, else that of what is around it. */
function offsetOf(document: Document, path: KeyPath): number {
  for (let length = path.length; length > 0; length -= 1) {
    const offset = keyOffset(document, path.slice(0, length)) ?? nodeOffset(document, path.slice(0, length));
    if (offset !== undefined) return offset;
  }
  return nodeOffset(document, []) ?? 0;
}

function keyOffset(document: Document, path: KeyPath): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1)) as
    | Pair<Node, Node>
    | undefined;
  return pair?.key.range?.[0];
}

function nodeOffset(document: Document, path: KeyPath): number | undefined {
  const node = path.length === 0 ? document.contents : (document.getIn(path, true) as Node | undefined);
  return node?.range?.[0];
}
