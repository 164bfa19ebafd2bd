import type { z } from "zod";
import { record, slackId, snowflake } from "../validation/fields.ts";

/** Channels where migrations that began elsewhere are followed too, one for each platform; null for none. */
export interface MirrorConfig {
  readonly slack: string | null;
  readonly discord: string | null;
}

/** The `mirror` section. */
export const mirrorSchema: z.ZodType<MirrorConfig> = record({
  slack: slackId("C0DATABASES").optional(),
  discord: snowflake('"100000000000000003"').optional(),
})
  .transform(({ slack = null, discord = null }) => ({ slack, discord }))
  .prefault({});
