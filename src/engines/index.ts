import type { Engine } from "../core/ports/engine.ts";
import type { EngineCapabilities } from "../core/ports/engine-capabilities.ts";
import { capabilities as mongodb } from "./mongodb/capabilities.ts";
import { createMongodbEngine } from "./mongodb/index.ts";
import { capabilities as mysql } from "./mysql/capabilities.ts";
import { createMysqlEngine } from "./mysql/index.ts";
import { capabilities as postgresql } from "./postgresql/capabilities.ts";
import { createPostgresqlEngine, type PostgresqlOptions } from "./postgresql/index.ts";
import { capabilities as redis } from "./redis/capabilities.ts";
import { createRedisEngine } from "./redis/index.ts";

/** What engines may be told when they are made. */
export type EngineOptions = PostgresqlOptions;

/** Every engine by its id: a new one is a folder, a line here and one below. */
export const engines: Readonly<Record<string, (options?: EngineOptions) => Engine>> = {
  mongodb: createMongodbEngine,
  mysql: createMysqlEngine,
  postgresql: createPostgresqlEngine,
  redis: createRedisEngine,
};

/** What each engine is like, for those who make none, such as the reader of godwit.yaml. */
export const engineCapabilities: Readonly<Record<string, EngineCapabilities>> = {
  mongodb,
  mysql,
  postgresql,
  redis,
};
