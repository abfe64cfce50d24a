/** Kinds of JSON values, as bits. */
export const Kind = {
  text: 1,
  /** An integer without sign, of at most 15 digits: exact in every number type. */
  whole: 2,
  /** Any other number. */
  number: 4,
  boolean: 8,
  nothing: 16,
  /** An object or a list. */
  nested: 32,
  /** A moment as Parquet types it. */
  moment: 64,
} as const;

/** Looks at the bytes of JSONL lines to tell which of them a SQL engine reads exactly as JSON.parse does: an object whose known
 * keys come once each, hold values of the expected kinds, and are written without escapes, and nothing that only one of the two
 * readers would forgive (trailing commas, `nan`). The texts themselves are not decoded. It is a filter, no parser: of a line that
 * passes, the engine still has to refuse what is no JSON. */
export class LineShapes {
  private readonly masks: Uint8Array;
  private readonly indexes = new Map<number, number>();
  private readonly lastLine: Uint32Array;
  private readonly isSeen: Uint8Array;
  private lineNo = 0;
  private valueEnd = 0;

  /** @param kinds the keys to know, with the kinds of values (bits of {@link Kind}) that they may have; null is always fine */
  constructor(private readonly kinds: ReadonlyMap<string, number>) {
    this.masks = Uint8Array.from(kinds.values(), (mask) => mask | Kind.nothing);
    this.lastLine = new Uint32Array(kinds.size);
    this.isSeen = new Uint8Array(kinds.size);
    for (const key of kinds.keys()) {
      const hash = hashText(key);
      if (this.indexes.has(hash)) throw new RangeError(`${key}: its hash is another key's`);
      this.indexes.set(hash, this.indexes.size);
    }
  }

  /** Keys that held something in any line since the last call. */
  takeKeys(): string[] {
    const keys = [...this.kinds.keys()].filter((_, index) => this.isSeen[index] === 1);
    this.isSeen.fill(0);
    return keys;
  }

  /** Whether the last line had this key, if only with null. */
  hasKey(key: string): boolean {
    return this.lastLine[this.indexes.get(hashText(key))!] === this.lineNo;
  }

  /** Whether a line, without its newline, is plain. */
  isPlain(bytes: Buffer, start: number, end: number): boolean {
    this.lineNo += 1;
    if (bytes[start] !== OPEN_OBJECT) return false;
    let depth = 1;
    let before = OPEN_OBJECT;
    let key = -1;
    let isKeyNext = true;
    for (let i = start + 1; i < end; i++) {
      const byte = bytes[i]!;
      if (isBlank(byte)) continue;
      if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        if (before === COMMA) return false;
        depth -= 1;
        if (depth === 0) return isBlankUntil(bytes, i + 1, end);
      } else if (byte === COMMA) isKeyNext = depth === 1;
      else if (byte === QUOTE && isKeyNext) {
        key = this.readKey(bytes, i, end);
        if (key === invalid) return false;
        i = this.valueEnd;
        isKeyNext = false;
      } else if (byte !== COLON) {
        const kind = this.readValue(bytes, i, end);
        if (kind === 0) return false;
        if (depth === 1 && key >= 0 && !this.accept(key, kind)) return false;
        if (kind === Kind.nested) depth += 1;
        else i = this.valueEnd;
      }
      before = byte;
    }
    return false;
  }

  private accept(key: number, kind: number): boolean {
    if ((this.masks[key]! & kind) === 0) return false;
    if (kind !== Kind.nothing) this.isSeen[key] = 1;
    return true;
  }

  /** @returns the key's index, -1 for one that isn't known, `invalid` for one that came before or can't be compared */
  private readKey(bytes: Buffer, quote: number, end: number): number {
    let hash = hashStart;
    for (let i = quote + 1; i < end; i++) {
      const byte = bytes[i]!;
      if (byte === QUOTE) {
        this.valueEnd = i;
        const index = this.indexes.get(hash);
        if (index === undefined) return -1;
        if (this.lastLine[index] === this.lineNo) return invalid;
        this.lastLine[index] = this.lineNo;
        return index;
      }
      if (byte === BACKSLASH) return invalid;
      hash = mix(hash, byte);
    }
    return invalid;
  }

  /** Find the end of the value that starts here (of an object or list: its start).
   * @returns its kind, or 0 if it is none */
  private readValue(bytes: Buffer, start: number, end: number): number {
    const first = bytes[start]!;
    if (first === QUOTE) return this.skipText(bytes, start, end);
    if (first === OPEN_OBJECT || first === OPEN_LIST) return Kind.nested;
    if (first === 0x74) return this.skipWord(bytes, start, "true", Kind.boolean);
    if (first === 0x66) return this.skipWord(bytes, start, "false", Kind.boolean);
    if (first === 0x6e) return this.skipWord(bytes, start, "null", Kind.nothing);
    return this.skipNumber(bytes, start, end);
  }

  /** Byte by byte at first: most texts are short, and a native search costs as much as thirty bytes. */
  private skipText(bytes: Buffer, start: number, end: number): number {
    const near = Math.min(end, start + 32);
    let i = start + 1;
    for (; i < near; i++) {
      const byte = bytes[i]!;
      if (byte === BACKSLASH) i += 1;
      else if (byte === QUOTE) return this.endText(i);
    }
    for (
      let quote = bytes.indexOf(QUOTE, i);
      quote >= 0 && quote < end;
      quote = bytes.indexOf(QUOTE, quote + 1)
    ) {
      let slashes = 0;
      while (quote - 1 - slashes >= i && bytes[quote - 1 - slashes] === BACKSLASH) slashes += 1;
      if (slashes % 2 === 0) return this.endText(quote);
    }
    return 0;
  }

  private endText(quote: number): number {
    this.valueEnd = quote;
    return Kind.text;
  }

  private skipWord(bytes: Buffer, start: number, word: string, kind: number): number {
    for (let i = 1; i < word.length; i++) if (bytes[start + i] !== word.charCodeAt(i)) return 0;
    this.valueEnd = start + word.length - 1;
    return kind;
  }

  private skipNumber(bytes: Buffer, start: number, end: number): number {
    let isWhole = true;
    let i = start;
    for (; i < end; i++) {
      const byte = bytes[i]!;
      if (byte >= 0x30 && byte <= 0x39) continue;
      if (!isNumberSign(byte)) break;
      isWhole = false;
    }
    if (i === start) return 0;
    this.valueEnd = i - 1;
    return isWhole && i - start <= 15 ? Kind.whole : Kind.number;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

const invalid = -2;

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}

function isBlankUntil(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!isBlank(bytes[i]!)) return false;
  return true;
}

/** One of `+-.eE`. */
function isNumberSign(byte: number): boolean {
  return byte === 0x2b || byte === 0x2d || byte === 0x2e || byte === 0x65 || byte === 0x45;
}

/** FNV-1a, 32 bits: an unknown key that shares its hash with a known one makes its line not plain, nothing worse.
 * @see http://www.isthe.com/chongo/tech/comp/fnv */
const hashStart = 0x811c9dc5 | 0;

function mix(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193);
}

function hashText(text: string): number {
  return Buffer.from(text).reduce(mix, hashStart);
}
