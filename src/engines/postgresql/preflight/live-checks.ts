import { type Check, nameCheck } from "./check.ts";
import { type Look, liveLooks } from "./live-looks.ts";
import { reach } from "./reach-check.ts";

function checkOf(look: Look): Check {
  return nameCheck({ ...look, side: look.about === "target" ? "target" : "source" });
}

/** Checks of what only a live migration needs; the looks at it are also taken before it starts. */
export const liveChecks: readonly Check[] = [...liveLooks.map(checkOf), reach];
