// The compiler leaves SQL files behind; the built program reads them beside itself.
import { cpSync } from "node:fs";

cpSync("src/store/schema", "dist/src/store/schema", { recursive: true });
