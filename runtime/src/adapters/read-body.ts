/** Read the text of a request's body without using it up: a string, bytes in UTF-8, or a Blob.
 * @returns null for what can be read only once (a stream), isn't text, or isn't there */
export async function readBody(body: unknown): Promise<string | null> {
  if (typeof body === "string") return body;
  if (body instanceof ArrayBuffer) return decodeText(new Uint8Array(body));
  if (ArrayBuffer.isView(body))
    return decodeText(new Uint8Array(body.buffer, body.byteOffset, body.byteLength));
  return body instanceof Blob ? decodeText(new Uint8Array(await body.arrayBuffer())) : null;
}

/** Text of bytes; null when they aren't UTF-8, such as those of a compressed body. */
function decodeText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
