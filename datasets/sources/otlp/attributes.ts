import { asArray, asRecord, asRecords, firstOf, type JsonRecord } from "../json-access.js";

/** Decoded attributes of a span, by name. Without a prototype, so that no attribute name can reach one. */
export type Attributes = JsonRecord;

/** Decode OTLP attributes: a list of `{key, value: {stringValue | intValue | ...}}` in either JSON spelling, or a plain object as
 * console exporters print it. Anything else has no attributes. */
export function decodeAttributes(value: unknown): Attributes {
  const attributes: Attributes = Object.create(null);
  const plain = asRecord(value);
  if (plain !== null) return Object.assign(attributes, plain);
  for (const { key, value: attribute } of asRecords(value)) {
    if (typeof key === "string") attributes[key] = decodeValue(attribute, 0);
  }
  return attributes;
}

/** Values nest (lists of key-value lists); deeper than this they are hostile. */
const maxDepth = 16;

/** Decode one OTLP `AnyValue`. */
export function decodeValue(value: unknown, depth = 0): unknown {
  const any = asRecord(value);
  if (any === null || depth > maxDepth) return value;
  const int = firstOf(any, ["intValue", "int_value"]);
  if (int !== undefined) return decodeInt64(int);
  const list = asRecord(firstOf(any, ["arrayValue", "array_value"]));
  if (list !== null) return (asArray(list.values) ?? []).map((item) => decodeValue(item, depth + 1));
  const map = asRecord(firstOf(any, ["kvlistValue", "kvlist_value"]));
  if (map !== null) {
    const decoded: JsonRecord = Object.create(null);
    for (const item of asRecords(map.values)) {
      if (typeof item.key === "string") decoded[item.key] = decodeValue(item.value, depth + 1);
    }
    return decoded;
  }
  return firstOf(any, [
    "stringValue",
    "string_value",
    "boolValue",
    "bool_value",
    "doubleValue",
    "double_value",
    "bytesValue",
    "bytes_value",
  ]);
}

/** A 64-bit integer as JSON carries it: a number, a string of digits, or protobuf.js' two halves. Null for anything else. */
export function decodeInt64(value: unknown): number | null {
  const exact = decodeBigInt(value);
  return exact === null ? null : Number(exact);
}

/** Epoch nanoseconds as microseconds; null for what is no moment since the year 2000. */
export function decodeNanos(value: unknown): number | null {
  const nanos = decodeBigInt(value);
  if (nanos === null) return null;
  const micros = Number(nanos / 1000n);
  return micros >= year2000 && micros < year10000 ? micros : null;
}

const year2000 = 946_684_800_000_000;
const year10000 = 253_402_300_800_000_000;

function decodeBigInt(value: unknown): bigint | null {
  if (typeof value === "number") return Number.isFinite(value) ? BigInt(Math.trunc(value)) : null;
  if (typeof value === "string") return /^-?\d{1,20}$/.test(value) ? BigInt(value) : null;
  const halves = asRecord(value);
  if (halves === null || !Number.isInteger(halves.low) || !Number.isInteger(halves.high)) return null;
  const bits =
    (BigInt.asUintN(32, BigInt(halves.high as number)) << 32n) |
    BigInt.asUintN(32, BigInt(halves.low as number));
  return halves.unsigned === true ? bits : BigInt.asIntN(64, bits);
}

/** A trace or span id as lower-case hex, from hex, base64 or the bytes of a buffer; null for an empty or unset id.
 * @param bytes length of such an id: 16 for traces, 8 for spans */
export function decodeId(value: unknown, bytes: 8 | 16): string | null {
  const hex =
    typeof value === "string"
      ? hexOfText(value, bytes)
      : hexOfBytes(asArray(value) ?? asArray(asRecord(value)?.data));
  return hex === null || /^0*$/.test(hex) ? null : hex;
}

function hexOfText(text: string, bytes: number): string | null {
  const plain = text.replace(/^0x/i, "");
  if (/^[0-9a-f]+$/i.test(plain)) return plain.toLowerCase();
  const decoded = Buffer.from(text, "base64");
  return decoded.length === bytes ? decoded.toString("hex") : text === "" ? null : text;
}

function hexOfBytes(list: unknown[] | null): string | null {
  if (list === null || list.length > 64 || !list.every((byte) => Number.isInteger(byte))) return null;
  return Buffer.from(list as number[]).toString("hex");
}
