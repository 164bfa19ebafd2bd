import type { IncomingMessage } from "node:http";
import { readForm } from "../../local/read-body.ts";
import type { Json } from "../model.ts";

/** Arguments of a Web API call: query string, form fields or a JSON object. */
export function readArgs(request: IncomingMessage, body: Buffer): Json {
  const url = new URL(request.url ?? "/", "http://localhost");
  const query = Object.fromEntries(url.searchParams);
  const type = request.headers["content-type"] ?? "";
  if (type.startsWith("application/json"))
    return { ...query, ...(JSON.parse(body.toString() || "{}") as Json) };
  return { ...query, ...Object.fromEntries(new URLSearchParams(body.toString())) };
}

export function readToken(request: IncomingMessage, args: Json): string | undefined {
  const header = request.headers.authorization;
  if (header?.startsWith("Bearer ")) return header.slice("Bearer ".length);
  return typeof args.token === "string" ? args.token : undefined;
}

/** The file in an upload: raw bytes, or the only file of a multipart form as @slack/web-api sends it. */
export async function readUpload(request: IncomingMessage, body: Buffer): Promise<Buffer> {
  const type = request.headers["content-type"] ?? "";
  if (!type.startsWith("multipart/form-data")) return body;
  const form = await readForm(body, type);
  for (const value of form.values()) {
    if (typeof value !== "string") return Buffer.from(await value.arrayBuffer());
  }
  return Buffer.alloc(0);
}
