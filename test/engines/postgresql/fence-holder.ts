import { Secret } from "../../../src/core/secret.ts";
import { createPostgresqlEngine } from "../../../src/engines/postgresql/index.ts";
import { aCall } from "../../contracts/engine-subject.ts";

/** A program for a test that kills it: fences the database that it is told of, says so, and waits. */
const told = JSON.parse(process.env["FENCE_SUBJECT"] ?? "{}") as {
  readonly adminUrl: string;
  readonly database: string;
  readonly username: string;
  readonly password: string;
  readonly holder: string;
  readonly undo: Record<string, never>;
};
const source = {
  server: { id: "held", adminUrl: new Secret(told.adminUrl) },
  database: told.database,
  username: told.username,
  password: new Secret(told.password),
};
await createPostgresqlEngine().fence(source, told.undo, told.holder, aCall());
console.log("fenced");
setInterval(() => undefined, 60_000);
