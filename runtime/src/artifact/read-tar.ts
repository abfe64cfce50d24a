import { ArtifactError, ArtifactFault } from "./artifact-error.js";
import { plainPath } from "./plain-path.js";

/** Read a tar archive: POSIX ustar, GNU or pax, uncompressed, of plain files and folders with short names. Everything else is refused:
 * links, sparse files, names that lead out of the archive or come twice, sizes that overrun it, a missing end.
 * @param label names the archive in messages
 * @returns path to bytes, views of the archive
 * @throws {ArtifactError} bad_archive */
export function readTar(archive: Uint8Array, label: string): Map<string, Uint8Array> {
  const refuse = (message: string) => new ArtifactError(ArtifactFault.badArchive, label, message);
  if (archive[0] === 0x1f && archive[1] === 0x8b)
    throw refuse("is compressed (gzip); decompress it before loading");
  const files = new Map<string, Uint8Array>();
  let at = 0;
  for (let entries = 0; ; entries++) {
    if (at + blockBytes > archive.length)
      throw refuse("ends without its end mark; it was cut off: copy it again");
    const header = archive.subarray(at, at + blockBytes);
    if (header.every((byte) => byte === 0)) break;
    if (entries >= mostEntries)
      throw refuse(`has more than ${mostEntries} entries; give one artifact's folder`);
    const { name, size, kind } = readHeader(header, at, refuse);
    const start = at + blockBytes;
    at = start + Math.ceil(size / blockBytes) * blockBytes;
    if (at > archive.length) throw refuse(`ends inside ${name}; it was cut off: copy it again`);
    const content = archive.subarray(start, start + size);
    if (kind === Kind.pax) checkPax(content, refuse);
    if (kind === Kind.folder && !isRoot(name) && plainPath(name) === null) throw refuse(badName(name));
    if (kind !== Kind.file) continue;
    const path = plainPath(name);
    if (path === null) throw refuse(badName(name));
    if (files.has(path)) throw refuse(`has two files named ${path}; pack the artifact's folder again`);
    files.set(path, content);
  }
  if (!archive.subarray(at).every((byte) => byte === 0))
    throw refuse("goes on after its end mark; pack the artifact's folder again");
  return files;
}

type Refuse = (message: string) => ArtifactError;

const blockBytes = 512;
const mostEntries = 1_000;
const largestSize = 2 ** 33;
const Kind = { file: "0", folder: "5", pax: "x", paxOfAll: "g" } as const;
const kinds: readonly string[] = Object.values(Kind);
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function readHeader(
  header: Uint8Array,
  at: number,
  refuse: Refuse,
): { name: string; size: number; kind: string } {
  const magic = String.fromCharCode(...header.subarray(257, 263));
  if (magic !== "ustar\0" && magic !== "ustar ")
    throw refuse(`is no tar archive at byte ${at}; pack it with: tar cf`);
  if (readOctal(header.subarray(148, 156)) !== checksumOf(header))
    throw refuse(`has a header that doesn't match its checksum at byte ${at}; copy it again`);
  const size = readOctal(header.subarray(124, 136));
  if (size === null || size > largestSize)
    throw refuse(`has a size that is none at byte ${at}; pack it again`);
  const flag = String.fromCharCode(header[156]!);
  const kind = flag === "\0" ? Kind.file : flag === Kind.paxOfAll ? Kind.pax : flag;
  const prefix = magic === "ustar\0" ? readText(header.subarray(345, 500)) : "";
  const last = readText(header.subarray(0, 100));
  if (prefix === null || last === null) throw refuse(`has a name that is no UTF-8 at byte ${at}`);
  const name = prefix === "" ? last : `${prefix}/${last}`;
  if (!kinds.includes(kind))
    throw refuse(`${JSON.stringify(name)} is a link or no plain file; pack the artifact's folder as it is`);
  return { name, size, kind };
}

/** Header bytes summed up, with blanks for the checksum itself. */
function checksumOf(header: Uint8Array): number {
  return header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 0x20 : byte), 0);
}

function readOctal(field: Uint8Array): number | null {
  const match = /^ *([0-7]+)[ \0]*$/.exec(String.fromCharCode(...field));
  return match === null ? null : Number.parseInt(match[1]!, 8);
}

function readText(field: Uint8Array): string | null {
  const end = field.indexOf(0);
  try {
    return decoder.decode(end < 0 ? field : field.subarray(0, end));
  } catch {
    return null;
  }
}

/** Times and owners in an extended header are passed over; what would change a name or a size is refused. */
function checkPax(content: Uint8Array, refuse: Refuse): void {
  const text = String.fromCharCode(...content.subarray(0, 65_536));
  const changed = /^\d+ (path|size|linkpath|GNU\.sparse[^=]*)=/m.exec(text);
  if (changed === null && content.length <= 65_536) return;
  throw refuse(
    `has an extended header (${changed?.[1] ?? "too long"}); pack it with: tar --format=ustar -cf`,
  );
}

function isRoot(name: string): boolean {
  return name === "." || name === "./";
}

function badName(name: string): string {
  return `${JSON.stringify(name)} is no name inside the archive; pack the artifact's folder again`;
}
