/** One field of a protobuf message. */
export interface ProtobufField {
  number: number;
  /** Value of a varint, as a signed 64-bit integer where it fits a double; 0 for other wire types. */
  integer: number;
  /** Payload of a length-delimited field, a view into the message; empty for other wire types. */
  bytes: Uint8Array;
}

const noBytes = new Uint8Array(0);

/** Walk the fields of one protobuf message.
 * @throws {RangeError} on bytes that are no protobuf message
 * @see https://protobuf.dev/programming-guides/encoding/ */
export function* readFields(message: Uint8Array): Generator<ProtobufField> {
  let at = 0;
  while (at < message.length) {
    const tag = readVarint(message, at);
    at = tag.next;
    const number = Math.floor(tag.value / 8);
    const wireType = tag.value % 8;
    if (number < 1) throw new RangeError(`no field number at byte ${at}`);
    if (wireType === 0) {
      const varint = readVarint(message, at);
      at = varint.next;
      yield { number, integer: varint.value, bytes: noBytes };
    } else if (wireType === 2) {
      const length = readVarint(message, at);
      const end = length.next + length.value;
      if (length.value < 0 || end > message.length)
        throw new RangeError(`a field runs past the end at byte ${at}`);
      yield { number, integer: 0, bytes: message.subarray(length.next, end) };
      at = end;
    } else {
      const width = wireType === 1 ? 8 : wireType === 5 ? 4 : 0;
      if (width === 0 || at + width > message.length)
        throw new RangeError(`wire type ${wireType} at byte ${at}`);
      at += width;
      yield { number, integer: 0, bytes: noBytes };
    }
  }
}

/** Varints packed into one length-delimited field. */
export function readPackedVarints(bytes: Uint8Array): number[] {
  const values: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const varint = readVarint(bytes, at);
    values.push(varint.value);
    at = varint.next;
  }
  return values;
}

function readVarint(bytes: Uint8Array, start: number): { value: number; next: number } {
  let value = 0n;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[start + i];
    if (byte === undefined) throw new RangeError(`cut off at byte ${start + i}`);
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80) return { value: Number(BigInt.asIntN(64, value)), next: start + i + 1 };
  }
  throw new RangeError(`a varint of more than 10 bytes at byte ${start}`);
}
