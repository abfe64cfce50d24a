import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
// Imported for its effect: it registers the gradient of every op, which tfjs-core alone does not do in Node.
import "@tensorflow/tfjs-layers";

export * as tf from "@tensorflow/tfjs-core";

let ready: Promise<string> | undefined;

/** Start TensorFlow.js once: the WebAssembly back end with a fast backward matmul, or plain JavaScript where WebAssembly
 * doesn't start.
 * @returns name of the back end in use */
export function startTfjs(): Promise<string> {
  ready ??= start();
  return ready;
}

async function start(): Promise<string> {
  tf.enableProdMode();
  const entry = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(join(dirname(entry), "..", "wasm-out") + sep);
  const isWasm = await tf.setBackend("wasm").catch(() => false);
  if (isWasm) transposeBeforeMultiplying();
  else await tf.setBackend("cpu");
  await tf.ready();
  return tf.getBackend();
}

/** The wasm back end multiplies fast only when nothing is transposed: with transposeA or transposeB, which every
 * backward pass needs, it falls to a naive loop about 15 times slower. So transpose first, then multiply. */
function transposeBeforeMultiplying(): void {
  const multiply = tf.getKernel("BatchMatMul", "wasm")!;
  const transpose = tf.getKernel("Transpose", "wasm")!;
  tf.unregisterKernel("BatchMatMul", "wasm");
  tf.registerKernel({
    ...multiply,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const temporaries: tf.TensorInfo[] = [];
      const transposed = (x: tf.TensorInfo): tf.TensorInfo => {
        const perm = x.shape.map((_, i) => i);
        perm.push(perm.splice(-2, 1)[0]!);
        const out = transpose.kernelFunc({ inputs: { x }, backend, attrs: { perm } }) as tf.TensorInfo;
        temporaries.push(out);
        return out;
      };
      const { a, b } = inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
      const out = multiply.kernelFunc({
        inputs: { a: attrs!.transposeA ? transposed(a) : a, b: attrs!.transposeB ? transposed(b) : b },
        backend,
        attrs: { ...attrs, transposeA: false, transposeB: false },
      });
      for (const { dataId } of temporaries) (backend as tf.KernelBackend).disposeData(dataId);
      return out;
    },
  });
}
