import { GodwitError } from "../../../core/failure.ts";

/** A piece of an env file: a line that is left alone, or a variable. */
type Piece = { readonly raw: string } | Assignment;

interface Assignment {
  /** Indentation, `export `, name and equals sign. */
  readonly head: string;
  readonly name: string;
  /** Value as written, with its quotes. */
  readonly written: string;
  /** Blanks and a comment after the value. */
  readonly tail: string;
}

/** A variable as dotenv, `node --env-file` and shells read it; quoted values may span lines. */
const ASSIGNMENT =
  /([^\S\r\n]*(?:export[^\S\r\n]+)?([\w.-]+)[^\S\r\n]*=[^\S\r\n]*)('[^']*'|"(?:\\[\s\S]|[^"\\])*"|`[^`]*`|(?!['"`])[^\r\n]*?)((?:[^\S\r\n]+#[^\r\n]*)?[^\S\r\n]*)(?=\r?\n|$)/y;
const LINE = /[^\n]*\n|[^\n]+$/y;

/** Names and values of an env file; of a name that stands twice the last one counts. */
export function readVariables(text: string): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const piece of split(text)) {
    if ("name" in piece) variables.set(piece.name, unquote(piece.written));
  }
  return variables;
}

/**
 * Sets variables in the text of an env file. Other lines, comments, line ends and the way a value is
 * quoted stay; a name that stands several times is set everywhere; a new one goes to the end.
 * Throws a `GodwitError` (`env-value-unwritable`) for a value that env files cannot hold.
 */
export function setVariables(text: string, values: Readonly<Record<string, string>>): string {
  const found = new Set<string>();
  const edited = split(text).map((piece) => {
    if (!("name" in piece)) return piece.raw;
    const value = Object.hasOwn(values, piece.name) ? values[piece.name] : undefined;
    if (value === undefined) return write(piece);
    found.add(piece.name);
    return unquote(piece.written) === value
      ? write(piece)
      : write({ ...piece, written: quote(value, piece) });
  });
  const added = Object.entries(values).filter(([name]) => !found.has(name));
  return append(edited.join(""), added);
}

function append(text: string, variables: readonly (readonly [string, string])[]): string {
  if (variables.length === 0) return text;
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const start = text === "" || text.endsWith("\n") ? text : text + end;
  return start + variables.map(([name, value]) => `${name}=${quote(value)}${end}`).join("");
}

function split(text: string): Piece[] {
  const pieces: Piece[] = [];
  let position = 0;
  while (position < text.length) {
    const piece = assignmentAt(text, position) ?? {
      raw: match(LINE, text, position)?.[0] ?? text.slice(position),
    };
    pieces.push(piece);
    position += "name" in piece ? write(piece).length : piece.raw.length;
  }
  return pieces;
}

/** A variable that starts here; its line end becomes the next piece. */
function assignmentAt(text: string, position: number): Assignment | undefined {
  const [, head, name, written, tail] = match(ASSIGNMENT, text, position) ?? [];
  if (head === undefined || name === undefined) return undefined;
  return { head, name, written: written ?? "", tail: tail ?? "" };
}

function match(pattern: RegExp, text: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position;
  return pattern.exec(text);
}

function write({ head, written, tail }: Assignment): string {
  return head + written + tail;
}

function unquote(written: string): string {
  const [, quote, inner] = /^(['"`])([\s\S]*)\1$/.exec(written) ?? [];
  if (inner === undefined) return written;
  return quote === '"' ? inner.replace(/\\([\\"$`])/g, "$1") : inner;
}

/** Characters that need no quotes in dotenv, `node --env-file`, `docker --env-file` and shells. */
const PLAIN = /^[\w.:/@%+,=?~-]*$/;

/** Writes a value so that every reader gets the same text, in the quotes that the line had if they fit. */
function quote(value: string, before?: Assignment): string {
  if (/[\r\n\0]/.test(value)) throw unwritable();
  const former = before?.written.at(0);
  if (former === '"' && fitsDouble(value)) return `"${value}"`;
  if (former === "'" && !value.includes("'")) return `'${value}'`;
  if (PLAIN.test(value)) return value;
  if (!value.includes("'")) return `'${value}'`;
  if (fitsDouble(value)) return `"${value}"`;
  throw unwritable();
}

function fitsDouble(value: string): boolean {
  return !/["\\$`]/.test(value);
}

function unwritable(): GodwitError {
  return new GodwitError({
    code: "env-value-unwritable",
    summary: "A new value cannot be written into an env file: no way of quoting is read alike everywhere.",
    remedy: "Ask support; the value holds both kinds of quotes or a line break.",
  });
}
