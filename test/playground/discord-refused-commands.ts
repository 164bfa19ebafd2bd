import { many, type RefusedBody, refused } from "./discord-refused-bodies.ts";

const command = (more: object) => [{ name: "db", description: "Databases", type: 1, ...more }];
const stringOption = (name: string, more: object = {}) => ({ type: 3, name, description: "x", ...more });

export const refusedCommands: readonly RefusedBody[] = [
  refused("a name in capitals", "/0/name", command({ name: "DB" })),
  refused("a name with a space", "/0/name", command({ name: "d b" })),
  refused("no description", "/0/description", command({ description: "" })),
  refused("a description of 101 characters", "/0/description", command({ description: "x".repeat(101) })),
  refused("an option name in capitals", "/0/options/0/name", command({ options: [stringOption("A")] })),
  refused(
    "one option name twice",
    "/0/options/1/name",
    command({ options: [stringOption("a"), stringOption("a")] }),
  ),
  refused("26 options", "/0/options", command({ options: many(26, (n) => stringOption(`o${n}`)) })),
  refused(
    "a required option after an optional one",
    "/0/options/1/required",
    command({ options: [stringOption("a"), stringOption("b", { required: true })] }),
  ),
  refused(
    "autocomplete beside choices",
    "/0/options/0/autocomplete",
    command({ options: [stringOption("a", { autocomplete: true, choices: [{ name: "x", value: "x" }] })] }),
  ),
  refused(
    "a subcommand beside an option",
    "/0/options",
    command({ options: [stringOption("a"), { type: 1, name: "b", description: "x" }] }),
  ),
  refused("one command name twice", "/1/name", [...command({}), ...command({})]),
  refused(
    "8001 characters",
    "/0",
    command({
      options: many(4, (n) =>
        stringOption(`o${n}`, {
          choices: many(25, (m) => ({ name: `${m}`.padEnd(50, "x"), value: `${m}`.padEnd(50, "x") })),
        }),
      ),
    }),
  ),
];
