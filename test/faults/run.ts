import { spawn } from "node:child_process";
import { parseArgs } from "node:util";

/** `npm run test:faults [-- --long] [-- FILTER]`: the suites that kill, cut and confuse; the short form is part of `npm test`. */
const { values, positionals } = parseArgs({
  options: { long: { type: "boolean", default: false } },
  allowPositionals: true,
});
const suites = positionals.length > 0 ? positionals.map((name) => `test/faults/${name}`) : ["test/faults"];
const child = spawn("npx", ["vitest", "run", ...suites], {
  stdio: "inherit",
  env: { ...process.env, FAULTS_LONG: values.long ? "1" : "" },
});
child.once("exit", (code) => {
  process.exitCode = code ?? 1;
});
