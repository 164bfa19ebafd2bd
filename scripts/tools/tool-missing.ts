/** A program that Godwit needs cannot be had; the message is one sentence that says how to get it. */
export class ToolMissing extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "ToolMissing";
  }
}
