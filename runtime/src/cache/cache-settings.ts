import { type Fields, formatOf, recordOf } from "../request/request-fields.js";

/** What shapes answers besides the conversation, in one form for every provider. Null = not given, which is not a default: an
 * omitted temperature is not 0. */
export interface CacheSettings {
  tools: unknown;
  format: unknown;
  params: Readonly<Record<string, unknown>> | null;
  temperature: number | null;
}

const mostTools = 1_000;

/** Read tools, output format and parameters. Every field that isn't known to be without influence on the answer counts, so that
 * a parameter of next year's API parts the cache instead of being overlooked.
 * @param ignored further fields without influence, such as a trace id */
export function readSettings(fields: Fields, config: Fields, ignored: readonly string[]): CacheSettings {
  const params = readParams(fields, config, new Set(ignored));
  return {
    tools: readToolUse(fields, config),
    format: readFormat(fields, config),
    params: Object.keys(params).length === 0 ? null : params,
    temperature: typeof params.temperature === "number" ? params.temperature : null,
  };
}

function readToolUse(fields: Fields, config: Fields): unknown {
  const toolConfig = recordOf(fields.toolConfig ?? fields.tool_config ?? config.toolConfig);
  const choice = fields.tool_choice ?? fields.toolChoice ?? fields.function_call ?? null;
  const tools = [fields.tools, config.tools, fields.functions].flatMap(readTools);
  const geminiChoice = toolConfig.functionCallingConfig ?? toolConfig.function_calling_config ?? null;
  if (tools.length === 0 && choice === null && geminiChoice === null) return null;
  return [tools, geminiChoice === null ? readChoice(choice) : readGeminiChoice(recordOf(geminiChoice))];
}

function readTools(tools: unknown): unknown[] {
  if (!Array.isArray(tools)) return tools === undefined || tools === null ? [] : [tools];
  if (tools.length > mostTools) throw new RangeError(`more than ${mostTools} tools`);
  return tools.flatMap(readTool);
}

function readTool(tool: unknown): unknown[] {
  const fields = recordOf(tool);
  const declared = fields.functionDeclarations ?? fields.function_declarations;
  if (Array.isArray(declared)) {
    const { functionDeclarations: _, function_declarations: __, ...rest } = fields;
    const others = Object.entries(rest).filter(([, value]) => value !== undefined);
    return [...readTools(declared), ...(others.length === 0 ? [] : [Object.fromEntries(others)])];
  }
  const { type, function: inner, cache_control: _, ...own } = fields;
  const isFunction =
    type === undefined || type === "function" || (type === "custom" && own.input_schema !== undefined);
  if (!isFunction) return [{ type, ...own }];
  const { parameters, input_schema, parametersJsonSchema, ...named } =
    inner === undefined ? own : { ...own, ...recordOf(inner) };
  return [{ ...named, parameters: parameters ?? input_schema ?? parametersJsonSchema }];
}

function readChoice(choice: unknown): unknown {
  if (typeof choice === "string") return choice === "any" ? "required" : choice;
  const { type, name, function: inner, ...rest } = recordOf(choice);
  const wanted = name ?? recordOf(inner).name;
  if (Object.keys(rest).length > 0) return choice;
  if (wanted !== undefined) return { tool: wanted };
  return typeof type === "string" ? readChoice(type) : choice;
}

function readGeminiChoice(choice: Fields): unknown {
  const { mode, allowedFunctionNames: names } = choice;
  if (typeof mode !== "string") return choice;
  if (Array.isArray(names)) return names.length === 1 && mode === "ANY" ? { tool: names[0] } : choice;
  return readChoice(mode.toLowerCase());
}

function readFormat(fields: Fields, config: Fields): unknown {
  const { type, json_schema, ...own } = formatOf(fields);
  const schema = config.responseSchema ?? config.response_schema ?? config.responseJsonSchema;
  if (schema !== undefined) return { type: "json_schema", schema };
  if (config.responseMimeType === "application/json") return { type: "json_object" };
  if (config.responseMimeType !== undefined) return { type: config.responseMimeType };
  const format = { ...own, ...recordOf(json_schema) };
  if (type !== undefined) return { type, ...format };
  return fields.responseFormat ?? fields.response_format ?? null;
}

/** Read elsewhere: conversation, model, tools, format. */
const readElsewhere =
  "messages input contents prompt system instructions system_instruction tools functions tool_choice function_call tool_config " +
  "response_format response_schema response_json_schema response_mime_type text output_config model config generation_config";
/** Without influence on the answer's content. */
const withoutInfluence =
  "stream stream_options user metadata meta store service_tier session_id request_id prompt_cache_key prompt_cache_retention " +
  "safety_identifier background timeout labels http_options abort_signal";
const leftOut = new Set(`${readElsewhere} ${withoutInfluence}`.split(" "));

const oneName: Readonly<Record<string, string>> = {
  stop_sequences: "stop",
  candidate_count: "n",
  max_completion_tokens: "max_tokens",
  max_output_tokens: "max_tokens",
  response_modalities: "modalities",
};

function readParams(fields: Fields, config: Fields, ignored: ReadonlySet<string>): Record<string, unknown> {
  const params: Record<string, unknown> = Object.create(null);
  const given = [fields, config].flatMap((source) => Object.entries(source));
  const { format: _, ...text } = recordOf(fields.text);
  const { format: __, ...output } = recordOf(fields.output_config);
  for (const [name, value] of [...given, ...Object.entries(text), ...Object.entries(output)]) {
    const key = snakeCase(name);
    if (value === undefined || value === null || leftOut.has(key) || ignored.has(name)) continue;
    addParam(params, key, value);
  }
  return params;
}

/** A parameter that is given in two spellings is kept twice. */
function addParam(params: Record<string, unknown>, name: string, value: unknown): void {
  if (name === "reasoning_effort") {
    addParam(params, "reasoning", { effort: value });
    return;
  }
  let key = oneName[name] ?? name;
  while (key in params) key += "+";
  params[key] = name.startsWith("stop") && typeof value === "string" ? [value] : value;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
