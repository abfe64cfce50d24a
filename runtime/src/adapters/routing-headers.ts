/** What a caller says about one call in its headers. */
export interface RoutingHeaders {
  /** `x-signalbox-route: off`: the call goes out as it is. */
  isOff: boolean;
  sessionId: string | null;
  requestId: string | null;
  /** `x-signalbox-meta-NAME`, by name in lower case. */
  meta: Record<string, string>;
  /** How often the caller's SDK has tried this call before. */
  retry: number;
  /** The headers without those for the router. */
  headers: Headers;
  /** Whether any were taken out. */
  isCleaned: boolean;
}

const prefix = "x-signalbox-";
const metaPrefix = `${prefix}meta-`;

/** Read the headers that are meant for the router, and take them out. The given headers aren't changed.
 * @throws {TypeError} for headers that `fetch` would refuse too */
export function readRoutingHeaders(given: ConstructorParameters<typeof Headers>[0]): RoutingHeaders {
  const headers = new Headers(given);
  const meta: Record<string, string> = {};
  const own = [...headers.keys()].filter((name) => name.startsWith(prefix));
  for (const name of own) {
    if (name.startsWith(metaPrefix)) meta[name.slice(metaPrefix.length)] = headers.get(name)!;
  }
  const retry = Number(headers.get("x-stainless-retry-count") ?? 0);
  const read: RoutingHeaders = {
    isOff: headers.get(`${prefix}route`)?.trim().toLowerCase() === "off",
    sessionId: headers.get(`${prefix}session`) || null,
    requestId: headers.get(`${prefix}request-id`) || null,
    meta,
    retry: Number.isInteger(retry) && retry >= 0 ? retry : 0,
    headers,
    isCleaned: own.length > 0,
  };
  for (const name of own) headers.delete(name);
  return read;
}
