import { parseArgs } from "node:util";
import { playScript } from "./demo/play-script.ts";
import { startStage } from "./demo/start-stage.ts";

const { values } = parseArgs({
  options: {
    script: { type: "boolean", default: false },
    rows: { type: "string", default: "1000000" },
  },
});
const say = (line: string) => console.log(line);
const stage = await startStage({ rows: Number(values.rows), say });
try {
  const { complaints, lines } = await playScript(stage, say);
  say(["", ...lines, ...complaints.map((complaint) => `FAILED: ${complaint}`)].join("\n"));
  process.exitCode = complaints.length === 0 ? 0 : 1;
} finally {
  await stage.stop();
}
