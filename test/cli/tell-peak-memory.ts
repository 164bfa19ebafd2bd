import { writeFileSync } from "node:fs";

/** Preloaded into a process: as it ends it writes its peak resident memory, in bytes, to the file `PEAK_FILE`. */
process.on("exit", () => {
  writeFileSync(process.env["PEAK_FILE"] ?? "", String(process.resourceUsage().maxRSS * 1024));
});
