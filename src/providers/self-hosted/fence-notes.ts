import { z } from "zod";
import type { JsonObject } from "../../core/step.ts";
import { type Location, locationSchema } from "./location.ts";

/** What is stored before a source is fenced: enough to open it again knowing nothing else. */
export type FenceNotes = {
  readonly source: Location;
  /** The engine's notes: settings and grants as they were. */
  readonly engineNotes: JsonObject;
};

/** A fence as the fence step stores it in its checkpoint and its output. */
export interface StoredFence {
  readonly notes: FenceNotes;
  readonly deadline: Date;
  /** When the source first began to refuse writes; null before it did. */
  readonly since: Date | null;
}

const notesSchema = z.object({ source: locationSchema, engineNotes: z.record(z.string(), z.json()) });
const storedSchema = z.object({
  undo: notesSchema,
  deadline: z.iso.datetime(),
  since: z.iso.datetime().nullable(),
});

/** Reads stored notes. Throws a `ZodError` when they are none. */
export function readFenceNotes(stored: JsonObject): FenceNotes {
  return notesSchema.parse(stored);
}

/** Reads a stored fence. Throws a `ZodError` when it is none. */
export function readStoredFence(stored: JsonObject): StoredFence {
  const { undo, deadline, since } = storedSchema.parse(stored);
  return { notes: undo, deadline: new Date(deadline), since: since === null ? null : new Date(since) };
}

/** A fence as it is stored. */
export function writeStoredFence({ notes, deadline, since }: StoredFence): JsonObject {
  return { undo: notes, deadline: deadline.toISOString(), since: since?.toISOString() ?? null };
}
