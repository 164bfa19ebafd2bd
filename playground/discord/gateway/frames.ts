import { z } from "zod";

const identify = z.object({
  token: z.string(),
  intents: z.int().min(0),
  properties: z.object({ os: z.string(), browser: z.string(), device: z.string() }),
  compress: z.boolean().optional(),
  large_threshold: z.int().min(50).max(250).optional(),
  shard: z.tuple([z.int().min(0), z.int().min(1)]).optional(),
  presence: z.record(z.string(), z.unknown()).nullish(),
});

const resume = z.object({ token: z.string(), session_id: z.string(), seq: z.int().min(0) });

/** What the app sends ("Discord, Gateway Events": send events); the other opcodes are not answered here. */
export const sentFrame = z.discriminatedUnion("op", [
  z.object({ op: z.literal(1), d: z.int().nullable() }),
  z.object({ op: z.literal(2), d: identify }),
  z.object({ op: z.literal(3), d: z.unknown() }),
  z.object({ op: z.literal(6), d: resume }),
]);

export type Identify = z.infer<typeof identify>;
export type Resume = z.infer<typeof resume>;

export const knownOpcodes: ReadonlySet<number> = new Set([1, 2, 3, 4, 6, 8, 31]);
