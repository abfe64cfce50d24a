/** What a file is made of, by its first bytes. `text` is everything that has no known magic number. */
export type Container =
  | "gzip"
  | "zstd"
  | "parquet"
  | "zip"
  | "sqlite"
  | "bzip2"
  | "xz"
  | "avro"
  | "orc"
  | "arrow"
  | "text";

/** Bytes that {@link sniffContainer} wants to see. */
export const sniffBytes = 16;

const magics: ReadonlyArray<readonly [Container, Buffer]> = [
  ["gzip", Buffer.from([0x1f, 0x8b])],
  ["zstd", Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
  ["parquet", Buffer.from("PAR1")],
  ["zip", Buffer.from("PK\u0003\u0004")],
  ["sqlite", Buffer.from("SQLite format 3\0")],
  ["bzip2", Buffer.from("BZh")],
  ["xz", Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])],
  ["avro", Buffer.from("Obj\u0001")],
  ["orc", Buffer.from("ORC")],
  ["arrow", Buffer.from("ARROW1")],
];

/** Recognise a file by its magic number; names and extensions lie too often. */
export function sniffContainer(head: Buffer): Container {
  return magics.find(([, magic]) => head.subarray(0, magic.length).equals(magic))?.[0] ?? "text";
}
