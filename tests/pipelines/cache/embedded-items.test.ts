import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hashedEmbedder } from "@signalbox/runtime";
import { afterAll, expect, it } from "vitest";
import { embedItems } from "../../../pipelines/cache/embedded-items.js";
import type { CacheEmbedder } from "../../../pipelines/cache/open-cache-embedder.js";
import { stageItems } from "../../../pipelines/cache/stage-items.js";
import { streamTracer } from "../../../pipelines/cache/stream-items.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-embedded-"));
afterAll(() => rmSync(root, { recursive: true }));

it("reads an encoder's vectors along with the items, in every pass", async () => {
  const { id, sha256, dim, embed } = hashedEmbedder(64);
  let asked = 0;
  const encoder: CacheEmbedder = {
    id,
    sha256,
    dim,
    embedOne: null,
    async embedAll(texts) {
      asked += texts.length;
      return texts.map((text) => embed(text));
    },
    release: async () => {},
  };
  const staged = await stageItems(root);
  const trace = streamTracer();
  const texts = Array.from({ length: 5_000 }, (_, i) =>
    i % 100 === 0 ? "What is new today?" : `question ${i % 3_000}`,
  );
  await staged.add(
    texts.map((text, i) =>
      trace({
        id: `${i}`,
        text,
        tenant: null,
        segment: null,
        created_at: null,
        system: null,
        history: [],
        answer_key: null,
      }),
    ),
  );
  const file = join(root, "vectors.f32");
  const items = await embedItems(staged, encoder, { file, total: texts.length });
  const askedOnce = asked;
  for (let run = 0; run < 2; run++) {
    const pass = items.pass();
    let seen = 0;
    for await (const item of pass.items) {
      expect(item.text).toBe(texts[seen++]);
      if (item.neverCache === null) expect(pass.embed(item.text)).toEqual(embed(item.text));
    }
    expect(seen).toBe(5_000);
  }
  expect(asked).toBe(askedOnce);
  expect(asked).toBeLessThan(5_000);
  await items.close();
  expect(existsSync(file)).toBe(false);
  staged.close();
});
