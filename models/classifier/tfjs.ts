import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
// Imported for its effect: it registers the gradient of every op, which tfjs-core alone does not do in Node.
import "@tensorflow/tfjs-layers";
import { InputError } from "../../datasets/errors.js";

export * as tf from "@tensorflow/tfjs-core";

/** Back ends of TensorFlow.js: native code (only where the user has installed @tensorflow/tfjs-node), WebAssembly, JavaScript. */
export const tfjsBackends = ["tensorflow", "wasm", "cpu"] as const;

let ready: Promise<string> | undefined;

/** Start TensorFlow.js once: the back end that SIGNALBOX_TFJS names, else WebAssembly with a fast backward matmul, or plain
 * JavaScript where that doesn't start. `npm run bench:train` compares those that a machine has.
 * @returns name of the back end in use
 * @throws {InputError} if the named back end isn't there */
export function startTfjs(): Promise<string> {
  ready ??= start(process.env.SIGNALBOX_TFJS);
  return ready;
}

async function start(wanted: string | undefined): Promise<string> {
  tf.enableProdMode();
  const names = wanted ? [wanted] : ["wasm", "cpu"];
  for (const name of names) {
    if (!(await prepare(name)) || !(await tf.setBackend(name).catch(() => false))) continue;
    if (name === "wasm") transposeBeforeMultiplying();
    await tf.ready();
    return name;
  }
  throw new InputError(
    `SIGNALBOX_TFJS=${wanted}: no such back end here; there are wasm and cpu, and tensorflow where @tensorflow/tfjs-node is installed`,
  );
}

/** Load what a back end needs.
 * @returns false if it isn't installed */
async function prepare(name: string): Promise<boolean> {
  const require = createRequire(import.meta.url);
  if (name === "wasm") {
    const entry = require.resolve("@tensorflow/tfjs-backend-wasm");
    setWasmPaths(join(dirname(entry), "..", "wasm-out") + sep);
  }
  if (name === "tensorflow") {
    try {
      require("@tensorflow/tfjs-node");
    } catch {
      return false;
    }
  }
  return (tfjsBackends as readonly string[]).includes(name);
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
