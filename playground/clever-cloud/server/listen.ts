import { createServer, type Server, type ServerResponse } from "node:http";
import { closeServer, listenLocally } from "../../local/http-server.ts";
import type { World } from "../world.ts";
import { serveApi } from "./serve-api.ts";

/** Starts both hosts on 127.0.0.1; neither stays when one cannot listen. */
export async function listen(world: World, ports: { api: number; bridge: number }): Promise<Server[]> {
  const api = hostServer(world, "api");
  const bridge = hostServer(world, "bridge");
  world.origins.api = await listenLocally(api, ports.api);
  try {
    world.origins.bridge = await listenLocally(bridge, ports.bridge);
  } catch (error) {
    await closeServer(api);
    throw error;
  }
  return [api, bridge];
}

function hostServer(world: World, host: "api" | "bridge"): Server {
  return createServer((request, response) => {
    serveApi(world, { host, request, response }).catch((error: unknown) => fail(world, response, error));
  });
}

/** A defect of the local Clever Cloud itself, or a request cut short while closing. */
function fail(world: World, response: ServerResponse, error: unknown): void {
  if (!world.closing.signal.aborted) {
    world.violations.push({ where: "local Clever Cloud", error: "internal", message: String(error) });
  }
  if (!response.headersSent) response.writeHead(500);
  response.end();
}
