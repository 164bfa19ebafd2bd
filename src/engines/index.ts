import type { Engine } from "../core/ports/engine.ts";
import { createPostgresqlEngine, type PostgresqlOptions } from "./postgresql/index.ts";

/** What engines may be told when they are made. */
export type EngineOptions = PostgresqlOptions;

/** Every engine by its id: a new one is a folder and a line here. */
export const engines: Readonly<Record<string, (options?: EngineOptions) => Engine>> = {
  postgresql: createPostgresqlEngine,
};
