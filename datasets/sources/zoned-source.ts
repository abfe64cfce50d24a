import { inZone } from "./read-time.js";
import type { RecordReader, Source } from "./source.js";
import type { TimeZone } from "./time-zone.js";

/** A source whose times without a zone are wall clock readings of one, whatever its vendor writes. */
export function zonedSource(source: Source, zone: TimeZone): Source {
  return {
    name: source.name,
    title: source.title,
    score: (line) => inZone(zone, () => source.score(line)),
    ...(source.explode && { explode: (line: unknown) => inZone(zone, () => source.explode!(line)) }),
    map: (record) => inZone(zone, () => source.map(record)),
    ...(source.open && {
      open: <Place>(file: Parameters<NonNullable<Source["open"]>>[0]): RecordReader<Place> => {
        const reader = source.open!<Place>(file);
        return {
          take: (record, place) => inZone(zone, () => reader.take(record, place)),
          end: () => inZone(zone, () => reader.end()),
        };
      },
    }),
  };
}
