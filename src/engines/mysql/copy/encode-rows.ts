/** How LOAD DATA is told the rows apart. Values hardly ever hold these characters, so that little is to be escaped. */
export const LINE_FORMAT = "FIELDS TERMINATED BY X'1F' ESCAPED BY X'1D' LINES TERMINATED BY X'1E'";

const ESCAPE = 0x1d;
const LINE_END = 0x1e;
const FIELD_END = 0x1f;
const NULL_FIELD = 0xfb;
const CAPITAL_N = 0x4e;

/** Values longer than this are searched by the runtime's own means before they are looked at byte by byte. */
const SHORT_BYTES = 192;
/** Room in front of each block for the header of its packet. */
export const HEADER_BYTES = 4;
const BLOCK_BYTES = 256 * 1024;

/**
 * Turns rows of the text protocol into lines for LOAD DATA, in blocks of a fixed size: a value of any size passes
 * through in pieces. Each block begins with room for a packet's header.
 */
export class RowEncoder {
  rows = 0;
  /** Payload of the rows, without what the protocol adds. */
  bytes = 0;
  #block = Buffer.allocUnsafe(BLOCK_BYTES);
  #end = HEADER_BYTES;
  readonly #emit: (block: Buffer) => void;

  constructor(emit: (block: Buffer) => void) {
    this.#emit = emit;
  }

  /** Takes one whole row: the part of `source` from `start` to `end`. */
  row(source: Buffer, start: number, end: number): void {
    let at = start;
    while (at < end) {
      const first = source[at] ?? 0;
      if (at > start) this.#byte(FIELD_END);
      if (first === NULL_FIELD) {
        this.#byte(ESCAPE);
        this.#byte(CAPITAL_N);
        at += 1;
        continue;
      }
      const prefix = first < 0xfb ? 1 : first === 0xfc ? 3 : first === 0xfd ? 4 : 9;
      const length = prefix === 1 ? first : readLength(source, at + 1, prefix - 1);
      at += prefix;
      this.#value(source, at, at + length);
      at += length;
    }
    this.#byte(LINE_END);
    this.rows += 1;
    this.bytes += end - start;
  }

  /** Hands out what is left. */
  finish(): void {
    if (this.#end > HEADER_BYTES) this.#flush();
  }

  #value(source: Buffer, start: number, end: number): void {
    if (end - start > SHORT_BYTES && !holdsMarks(source.subarray(start, end))) {
      this.#copy(source, start, end);
      return;
    }
    let block = this.#block;
    let to = this.#end;
    for (let at = start; at < end; at += 1) {
      if (to + 2 > BLOCK_BYTES) {
        this.#end = to;
        this.#flush();
        block = this.#block;
        to = this.#end;
      }
      const byte = source[at] ?? 0;
      if (byte >= ESCAPE && byte <= FIELD_END) block[to++] = ESCAPE;
      block[to++] = byte;
    }
    this.#end = to;
  }

  #copy(source: Buffer, start: number, end: number): void {
    for (let at = start; at < end; ) {
      if (this.#end === BLOCK_BYTES) this.#flush();
      const until = Math.min(end, at + BLOCK_BYTES - this.#end);
      source.copy(this.#block, this.#end, at, until);
      this.#end += until - at;
      at = until;
    }
  }

  #byte(byte: number): void {
    if (this.#end === BLOCK_BYTES) this.#flush();
    this.#block[this.#end] = byte;
    this.#end += 1;
  }

  #flush(): void {
    const full = this.#block.subarray(0, this.#end);
    this.#block = Buffer.allocUnsafe(BLOCK_BYTES);
    this.#end = HEADER_BYTES;
    this.#emit(full);
  }
}

function holdsMarks(value: Buffer): boolean {
  return value.includes(FIELD_END) || value.includes(LINE_END) || value.includes(ESCAPE);
}

/** A length of 2, 3 or 8 bytes, the lowest first; values are below 4 GiB. */
function readLength(source: Buffer, at: number, bytes: number): number {
  return source.readUIntLE(at, Math.min(bytes, 4));
}
