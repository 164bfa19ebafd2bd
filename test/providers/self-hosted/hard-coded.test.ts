import { expect, test } from "vitest";
import { findHardCoded } from "../../../src/providers/self-hosted/env-file/find-hard-coded.ts";

const REMOTE = { host: "pg15.db.example", port: "5432", database: "orders" };
const LOCAL = { host: "127.0.0.1", port: "5415", database: "orders" };

const CASES: readonly [name: string, value: string, old: typeof REMOTE, found: boolean][] = [
  ["REPORTS_HOST", "pg15.db.example", REMOTE, true],
  ["REPORTS", "host=pg15.db.example port=5432", REMOTE, true],
  ["REPORTS_URL", "postgres://r:x@pg15.db.example:5432/orders", REMOTE, true],
  ["REPORTS_URL", "postgres://r:x@PG15.db.example/other", REMOTE, true],
  ["CACHE_URL", "redis://pg15.db.example:6379", REMOTE, false],
  ["OTHER", "new-pg15.db.example", REMOTE, false],
  ["OTHER", "pg15.db.example.org", REMOTE, false],
  ["OTHER", "pg15xdb.example", REMOTE, false],
  ["DB_NAME", "orders", REMOTE, true],
  ["QUEUE", "orders", REMOTE, false],
  ["MIRROR", "postgres://elsewhere/orders", REMOTE, true],
  ["API", "https://example.com/orders", REMOTE, false],
  ["REDIS_URL", "redis://127.0.0.1:6379", LOCAL, false],
  ["REPORTS", "127.0.0.1:5415", LOCAL, true],
  ["REPORTS", "127.0.0.1:54150", LOCAL, false],
  ["PGHOST", "127.0.0.1", LOCAL, true],
  ["BIND", "127.0.0.1", LOCAL, false],
  ["DATABASE_URL", "postgres://u@pg15.db.example/orders", REMOTE, false],
];

test.each(CASES)("%s=%s", (name, value, old, found) => {
  const own = new Set(["DATABASE_URL"]);
  expect(findHardCoded(new Map([[name, value]]), own, old)).toEqual(found ? [name] : []);
});
