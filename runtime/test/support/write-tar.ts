/** One entry of a tar archive, with what a hostile one would say. */
export interface TarEntry {
  name: string;
  content?: Uint8Array | string;
  prefix?: string;
  /** "0" file, "5" folder, "1" and "2" links, "x" extended header. */
  flag?: string;
  /** Text of the size field; default the content's. */
  size?: string;
  magic?: string;
  checksum?: string;
}

/** Write a ustar archive. */
export function writeTar(entries: readonly TarEntry[], { end = 1_024 } = {}): Uint8Array {
  return Buffer.concat([...entries.flatMap(writeEntry), Buffer.alloc(end)]);
}

function writeEntry({ name, content = "", prefix = "", flag = "0", ...given }: TarEntry): Buffer[] {
  const body = Buffer.from(content);
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write("0000644\0", 100);
  header.write(given.size ?? `${body.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write("        ", 148);
  header.write(flag, 156);
  header.write(given.magic ?? "ustar\x0000", 257, "latin1");
  header.write(prefix, 345, 155);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(given.checksum ?? `${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
}
