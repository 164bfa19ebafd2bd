import { expect, it } from "vitest";
import { createLog } from "../src/log.ts";

/** What a log line says, as parsed JSON. */
function logged(fields: object): Record<string, unknown> {
  const lines: string[] = [];
  const log = createLog("info", { write: (line: string) => void lines.push(line) });
  log.error(fields, "something failed");
  return JSON.parse(lines[0] ?? "{}");
}

it.each(["error", "err"])("keeps the words, code and causes of an error under %s", (key) => {
  const cause = Object.assign(new TypeError("the socket closed"), { code: "ECONNRESET" });
  const error = new Error("posting the card", { cause });

  expect(logged({ [key]: error })[key]).toMatchObject({
    type: "Error",
    message: "posting the card",
    stack: expect.stringContaining("log.test.ts"),
    cause: { type: "TypeError", message: "the socket closed", code: "ECONNRESET" },
  });
});

it("leaves out what a client hangs on its errors, such as a request with its token", () => {
  const token = "aW50ZXJhY3Rpb246dG9rZW4";
  const error = Object.assign(new Error("refused"), {
    status: 404,
    url: `https://discord.com/api/v10/interactions/1/${token}/callback`,
    requestBody: { json: { token } },
  });
  const line = JSON.stringify(logged({ error }));

  expect(line).toContain('"status":404');
  expect(line).not.toContain(token);
});
