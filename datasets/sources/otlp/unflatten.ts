import { asRecord, type JsonRecord } from "../json-access.js";
import type { Attributes } from "./attributes.js";

/** Rebuild a list that an instrumentation flattened into attributes: `gen_ai.prompt.0.role`, `llm.input_messages.1.message.content`.
 * @param prefix name before the index, without its dot
 * @returns the elements in order of their indexes, holes closed; empty when there are none */
export function unflatten(attributes: Attributes, prefix: string): unknown[] {
  const start = `${prefix}.`;
  const root: Node = new Map();
  for (const name in attributes) {
    if (!name.startsWith(start)) continue;
    const path = name.slice(start.length).split(".");
    if (/^\d{1,9}$/.test(path[0]!) && path.length <= maxDepth) insert(root, path, attributes[name]);
  }
  return root.size === 0 ? [] : toList(root);
}

type Node = Map<string, Node | { value: unknown }>;

const maxDepth = 10;

function insert(node: Node, [key, ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    if (!node.has(key!)) node.set(key!, { value });
    return;
  }
  const child = node.get(key!);
  const next = child instanceof Map ? child : new Map();
  node.set(key!, next);
  insert(next, rest, value);
}

function toList(node: Node): unknown[] {
  return [...node].sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => toValue(child));
}

function toValue(node: Node | { value: unknown }): unknown {
  if (!(node instanceof Map)) return node.value;
  if ([...node.keys()].every((key) => /^\d{1,9}$/.test(key))) return toList(node);
  return Object.fromEntries([...node].map(([key, child]) => [key, toValue(child)]));
}

/** OpenInference puts a level between: `{message: {...}}`, `{message_content: {...}}`, `{tool_call: {...}}`. */
export function unwrapOpenInference(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapOpenInference);
  const record = asRecord(value);
  if (record === null) return value;
  const inner = record.message ?? record.message_content ?? record.tool_call;
  if (Object.keys(record).length === 1 && inner !== undefined) return unwrapOpenInference(inner);
  const renamed: JsonRecord = {};
  for (const [key, item] of Object.entries(record))
    renamed[key.replace(/^(message|message_content|tool_call)\./, "")] = unwrapOpenInference(item);
  if (renamed.contents !== undefined && renamed.content === undefined) renamed.content = renamed.contents;
  return renamed;
}
