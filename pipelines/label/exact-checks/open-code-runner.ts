import { newQuickJSWASMModuleFromVariant, type QuickJSWASMModule } from "quickjs-emscripten-core";

/** Runs an answer's code with its tests.
 * @returns whether the code ran to its end and no test threw */
export type CodeRunner = (answer: string, tests: string) => boolean;

/** Open a machine for JavaScript that a model wrote: QuickJS compiled to WebAssembly. What runs in it has no file, no network, no
 * process, no timer and no way out of its memory; it gets 16 MB, 128 KB of stack, and about a second of instructions. Each run has
 * a context of its own. Tests are plain statements that throw; `assert(condition)` and `assertEqual(a, b)` are there.
 * @see https://github.com/justjake/quickjs-emscripten */
export async function openCodeRunner(): Promise<CodeRunner> {
  const machine = await newQuickJSWASMModuleFromVariant(import("@jitl/quickjs-wasmfile-release-sync"));
  const known = new Map<string, boolean>();
  let isBroken = false;
  const attempt = (source: string): boolean => {
    // A machine that broke passes nothing any more, of neither answer: then the judge decides.
    if (isBroken) return false;
    try {
      return run(machine, source);
    } catch {
      isBroken = true;
      return false;
    }
  };
  return (answer, tests) => {
    const source = `${prelude}\n${codeOf(answer)}\n;\n${tests}`;
    const isPassed = known.get(source) ?? attempt(source);
    known.set(source, isPassed);
    return isPassed;
  };
}

const prelude = `
function assert(condition, message) { if (!condition) throw new Error(message || "assertion failed"); }
function assertEqual(a, b) { assert(JSON.stringify(a) === JSON.stringify(b), JSON.stringify(a) + " is not " + JSON.stringify(b)); }
const console = { log() {}, warn() {}, error() {} };
`;

/** The JavaScript of an answer: its fenced blocks of that language or of none, or all of it when nothing is fenced. Modules become
 * scripts. */
function codeOf(answer: string): string {
  const fences = [...answer.matchAll(/^```([^\n`]*)\n([\s\S]*?)^```/gm)];
  const blocks = fences.flatMap(([, language, block]) =>
    /^(js|javascript|mjs|cjs)?$/i.test(language!.trim()) ? [block!] : [],
  );
  const code = fences.length > 0 ? blocks.join("\n") : answer;
  return code.replace(/^export\s+(default\s+)?(?=(async\s+)?(function|class|const|let|var)\b)/gm, "");
}

function run(machine: QuickJSWASMModule, source: string): boolean {
  const runtime = machine.newRuntime();
  runtime.setMemoryLimit(16 << 20);
  runtime.setMaxStackSize(128 << 10);
  const deadline = Date.now() + 1_000;
  runtime.setInterruptHandler(() => Date.now() > deadline);
  const context = runtime.newContext();
  try {
    const result = context.evalCode(source);
    const isPassed = result.error === undefined;
    (result.error ?? result.value).dispose();
    return isPassed;
  } finally {
    context.dispose();
    runtime.dispose();
  }
}
