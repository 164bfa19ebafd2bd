import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { listenLocally } from "../../local/http-server.ts";
import { readBody } from "../../local/read-body.ts";
import { storeUpload } from "../api/files.ts";
import type { World } from "../world.ts";
import { readUpload } from "./read-request.ts";
import { serveApi } from "./serve-api.ts";
import { serveResponseUrl } from "./serve-response-url.ts";

/** Starts the HTTP server on 127.0.0.1; WebSocket upgrades go to the Socket Mode hub. */
export async function listen(world: World, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    serve(world, request, response).catch((error: unknown) => fail(world, response, error));
  });
  server.on("upgrade", (request, socket, head) => world.socket.accept(request, socket, head));
  world.origin = await listenLocally(server, port);
  world.responseUrls.base = world.origin;
  return server;
}

async function serve(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? "/";
  if (path.startsWith("/api/")) return serveApi(world, request, response);
  if (path.startsWith("/response/")) return serveResponseUrl(world, request, response);
  if (path.startsWith("/upload/v1/")) return serveUpload(world, request, response);
  response.writeHead(404).end();
}

async function serveUpload(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const fileId = (request.url ?? "").replace("/upload/v1/", "");
  const bytes = await readUpload(request, await readBody(request));
  const isStored = storeUpload(world, fileId, bytes);
  response.writeHead(isStored ? 200 : 400).end(isStored ? `OK - ${bytes.length}` : "size mismatch");
}

/** A defect of the local Slack itself, or a request cut short while closing. */
function fail(world: World, response: ServerResponse, error: unknown): void {
  if (!world.closing.signal.aborted) {
    world.violations.push({ where: "local Slack", error: "internal_error", messages: [String(error)] });
  }
  if (!response.headersSent) response.writeHead(500);
  response.end();
}
