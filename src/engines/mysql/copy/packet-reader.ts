const HEADER_BYTES = 4;
/** A packet of this length is continued by the next one. */
const FULL_PACKET = 0xff_ff_ff;

/** Takes one whole payload: the part of `packet` from `start` to `end`. */
type PacketSink = (packet: Buffer, start: number, end: number, sequence: number) => void;

/** Cuts what arrives into packets, without copying those that lie whole in one chunk. */
export class PacketReader {
  readonly #sink: PacketSink;
  /** Chunks of a packet that has not arrived whole. */
  #chunks: Buffer[] = [];
  #have = 0;
  #need = HEADER_BYTES;
  /** Payloads of full packets that are continued. */
  #parts: Buffer[] = [];

  constructor(sink: PacketSink) {
    this.#sink = sink;
  }

  push(chunk: Buffer): void {
    if (this.#have + chunk.length < this.#need) {
      this.#chunks.push(chunk);
      this.#have += chunk.length;
      return;
    }
    const data = this.#chunks.length === 0 ? chunk : Buffer.concat([...this.#chunks, chunk]);
    this.#chunks = [];
    const rest = this.#cut(data);
    this.#have = data.length - rest;
    if (this.#have > 0) this.#chunks.push(data.subarray(rest));
  }

  /** Hands over the packets that are whole; returns where the first one begins that is not. */
  #cut(data: Buffer): number {
    let at = 0;
    for (;;) {
      this.#need = HEADER_BYTES;
      if (data.length - at < HEADER_BYTES) return at;
      const length = (data[at] ?? 0) | ((data[at + 1] ?? 0) << 8) | ((data[at + 2] ?? 0) << 16);
      const end = at + HEADER_BYTES + length;
      this.#need = HEADER_BYTES + length;
      if (end > data.length) return at;
      this.#hand(data, { start: at + HEADER_BYTES, end, sequence: data[at + 3] ?? 0 });
      at = end;
    }
  }

  #hand(
    data: Buffer,
    { start, end, sequence }: { readonly start: number; readonly end: number; readonly sequence: number },
  ): void {
    const isContinued = end - start === FULL_PACKET;
    if (!isContinued && this.#parts.length === 0) {
      this.#sink(data, start, end, sequence);
      return;
    }
    this.#parts.push(Buffer.from(data.subarray(start, end)));
    if (isContinued) return;
    const whole = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#sink(whole, 0, whole.length, sequence);
  }
}
