import type { IncomingMessage } from "node:http";
import { readBody, readForm } from "../../local/read-body.ts";

export interface Upload {
  /** The n of `files[n]`: what `attachments[].id` refers to. */
  readonly id: string;
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

export interface ReadRequest {
  /** Undefined when there is no body; `"invalid"` text is not taken for JSON. */
  readonly body: unknown;
  readonly files: readonly Upload[];
  readonly isReadable: boolean;
}

/** Reads JSON, or multipart with `payload_json` and `files[n]` ("Discord, Uploading Files"). */
export async function readRequest(request: IncomingMessage): Promise<ReadRequest> {
  const bytes = await readBody(request);
  const type = request.headers["content-type"] ?? "";
  if (bytes.length === 0) return { body: undefined, files: [], isReadable: true };
  if (!type.startsWith("multipart/form-data")) return { ...parse(bytes.toString()), files: [] };
  const form = await readForm(bytes, type);
  const json = form.get("payload_json");
  const files = await Promise.all([...form].map(([name, value]) => readUpload(name, value)));
  return {
    ...parse(typeof json === "string" ? json : "{}"),
    files: files.filter((file) => file !== undefined),
  };
}

async function readUpload(name: string, value: FormDataEntryValue): Promise<Upload | undefined> {
  const id = /^files\[(\d+)\]$/.exec(name)?.[1];
  if (id === undefined || typeof value === "string") return undefined;
  const bytes = Buffer.from(await value.arrayBuffer());
  return { id, name: value.name, contentType: value.type || "application/octet-stream", bytes };
}

function parse(text: string): { body: unknown; isReadable: boolean } {
  try {
    return { body: JSON.parse(text) as unknown, isReadable: true };
  } catch {
    return { body: undefined, isReadable: false };
  }
}
