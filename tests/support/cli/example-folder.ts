import { cpSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CachePairRow } from "../../../datasets/cache-pairs.js";
import { plantShadow } from "../../../datasets/synthetic/planted-shadow.js";
import {
  generateTraffic,
  type SyntheticRequest,
  type SyntheticWorld,
} from "../../../datasets/synthetic/traffic.js";
import { openWorkspace } from "../../../datasets/workspace.js";
import { demoTraffic } from "../../../scripts/demo/run-demo.js";
import { tinyTexts, writeTinyTeacher } from "../../models/embed/tiny-teacher.js";
import { contentOf, pairRecord } from "../../pipelines/shadow/planted-shadow.js";
import { policyRule } from "../policy-rule.js";
import { readTable } from "../read-table.js";
import { runInProcess } from "./run-in-process.js";
import { splitWords } from "./split-words.js";

const sourceRoot = fileURLToPath(new URL("../../../", import.meta.url));

/** Make the folder in which every example of the help can be typed: what the demo's own example leaves, and under the names that examples use,
 * small SYNTHETIC files. Ends in that folder.
 * @returns the exit code of the demo's example */
export async function prepareExamples({
  folder,
  demoExample,
  world,
}: {
  folder: string;
  demoExample: string;
  world: SyntheticWorld;
}): Promise<number> {
  mkdirSync(folder);
  process.chdir(folder);
  const { code } = await runInProcess(splitWords(demoExample));
  renameSync("demo-workspace/workspace", "ws");
  cpSync("demo-workspace/logs", "logs", { recursive: true });
  symlinkSync(join(sourceRoot, "examples"), "examples");
  writeLogs();
  writeBills();
  await writeMatchingBill();
  writeEvidence(world);
  writePolicies();
  writeEmbedding();
  await writeStagesFiles();
  return code;
}

/** A step of the preparation that has to work. */
async function must(line: string): Promise<void> {
  const { code, stderr } = await runInProcess(splitWords(line));
  if (code !== 0) throw new Error(`${line}: ${stderr}`);
}

function write(path: string, content: unknown): void {
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
}

function writeLines(path: string, rows: readonly unknown[]): void {
  writeFileSync(path, rows.map((row) => `${typeof row === "string" ? row : JSON.stringify(row)}\n`).join(""));
}

function writeLogs(): void {
  cpSync(join(sourceRoot, "datasets/samples/litellm.jsonl"), "spend.jsonl");
  const row = (i: number) =>
    `2026-09-01 10:${10 + i}:00,gpt-4o,Question ${i}?,Answer ${i}.,${20 + i},${9 + i}`;
  const rows = Array.from({ length: 30 }, (_, i) => row(i));
  writeLines("calls.csv", ["time,model,prompt,answer,input_tokens,output_tokens", ...rows]);
  renameSync("logs/litellm.jsonl", "logs/a.jsonl");
  cpSync("calls.csv", "logs/b.csv");
  const fields = { created_at: "time", model: "model", user_text: "prompt", output_text: "answer" };
  write("map.json", {
    name: "calls",
    time_zone: "UTC",
    fields: { ...fields, input_tokens: "input_tokens", output_tokens: "output_tokens" },
  });
}

function writeBills(): void {
  const day = Date.UTC(2026, 8, 2) / 1000;
  const costs = `start_time,end_time,amount_value,amount_currency,line_item\n${day},${day + 86400},0.05,usd,"gpt-4o, input"\n`;
  write("openai-costs.csv", costs);
  const hour = "u,2026-09-02T08:00:00+08:00,2026-09-02T09:00:00+08:00,deepseek-chat";
  write(
    "amount.csv",
    `user_id,start_time_iso,end_time_iso,model,api_key_name,api_key,type,price,amount\n${hour},key,sk-1***4,output_tokens,0.000001,1820\n`,
  );
  write(
    "cost.csv",
    `user_id,start_time_iso,end_time_iso,model,wallet_type,cost,currency\n${hour},Paid,0.006540,CNY\n`,
  );
  write("model_prices.json", {
    "gpt-4o": {
      litellm_provider: "openai",
      mode: "chat",
      input_cost_per_token: 2.5e-6,
      output_cost_per_token: 1e-5,
    },
  });
  write("contract.json", {
    contract: "acme",
    prices: [{ provider: "openai", model: "gpt-4o", discount_percent: 10 }],
  });
  cpSync(join(sourceRoot, "examples/pricing/plans.json"), "plans.json");
  const claims = JSON.parse(readFileSync("examples/claims/mechanisms.json", "utf8")) as object[];
  write("claims.json", claims.slice(0, 2));
}

/** Known outcomes, and logs of routers that explored and of a shadow test. */
function writeEvidence(world: SyntheticWorld): void {
  const answered = world.requests.filter(({ answer }) => answer !== null);
  const grade = (request: SyntheticRequest, model: string) => {
    const answer = world.answerOf(request.userText, model);
    return answer === null ? 0 : (world.gradeAnswer(request.userText, answer) ?? 0);
  };
  const items = answered.slice(0, 200).map((request) => ({
    id: request.id,
    prompt: request.userText,
    outcomes: {
      "gpt-4o": { quality: grade(request, "gpt-4o"), cost_usd: 0.01 },
      "gpt-4o-mini": { quality: grade(request, "gpt-4o-mini"), cost_usd: 0.001 },
    },
  }));
  writeLines("evals.jsonl", items);
  writeLines("dev.jsonl", items);
  const [request] = answered;
  write("request.json", { messages: [{ role: "user", content: request!.userText }] });
  writeLines(
    "requests.jsonl",
    answered.slice(0, 50).map(({ userText }) => ({ prompt: userText })),
  );
  writeNewModel(world);
  writeExplored(answered);
  const shadow = plantShadow({ days: 8, sessionsPerDay: 60, discordance: 0.2, difference: 0, seed: 4 });
  writeLines("shadow.jsonl", shadow.pairs);
  writeLines("verdicts.jsonl", shadow.verdicts);
  const answers = (text: string) =>
    contentOf(text, world.answerOf(text, "gpt-4o"), world.answerOf(text, "gpt-4o-mini"));
  writeLines(
    "pairs.jsonl",
    answered
      .slice(0, 40)
      .map(({ id, userText, sessionId }) =>
        pairRecord(id, { session_hash: sessionId, content: answers(userText) }),
      ),
  );
}

/** Outcomes of a model that the demo's router doesn't know, on prompts that it wasn't fitted to. */
function writeNewModel(world: SyntheticWorld): void {
  const known = new Set(world.requests.map(({ userText }) => userText));
  const fresh = generateTraffic({ ...demoTraffic, requests: 400, seed: 99 }).requests;
  const texts = [...new Set(fresh.map(({ userText }) => userText))].filter((text) => !known.has(text));
  const outcome = (quality: number, cost_usd: number) => ({ quality, cost_usd });
  writeLines(
    "mini.jsonl",
    texts.map((prompt, i) => ({
      id: `fresh-${i}`,
      prompt,
      outcomes: {
        "gpt-4o": outcome(Number(i % 20 > 0), 0.01),
        "gpt-4.1-mini": outcome(Number(i % 10 > 0), 0.002),
      },
    })),
  );
}

/** The demo's decisions, as a router would have logged them that tried another model in every fifth. */
function writeExplored(answered: readonly SyntheticRequest[]): void {
  const lines = readFileSync("demo-workspace/decisions.jsonl", "utf8").trimEnd().split("\n");
  const decisions = lines.map((line, i) => {
    const decision = JSON.parse(line) as Record<string, unknown>;
    const model = i % 5 === 0 ? (i % 2 ? "gpt-4o" : "gpt-4o-mini") : String(decision.decided_model);
    const propensity = model === decision.decided_model ? 0.9 : 0.1;
    const { id } = answered[i]!;
    return {
      ...decision,
      request_id: id,
      decided_model: model,
      served_model: model,
      propensity,
      explored: true,
    };
  });
  writeLines("decisions.jsonl", decisions);
  writeLines(
    "rewards.jsonl",
    decisions.map(({ request_id }, i) => ({ request_id, reward: Number(i % 7 > 0) })),
  );
  writeLines(
    "stricter.jsonl",
    decisions.map(({ request_id }) => ({ request_id, model: "gpt-4o" })),
  );
}

function writePolicies(): void {
  write("rules.json", [policyRule("short", { max_chars: 60 }, { model: "gpt-4o-mini" })]);
}

function writeEmbedding(): void {
  const { model } = writeTinyTeacher(".", 128);
  renameSync(model, "model.onnx");
  writeLines(
    "prompts.jsonl",
    tinyTexts(300, 2).map(({ text }) => ({ text })),
  );
  writeLines(
    "faq.jsonl",
    tinyTexts(400, 3).map(({ topic, text }, id) => ({
      id: String(id),
      text,
      answer_key: `${topic} ${text.length}`,
    })),
  );
}

/** What later examples need of earlier stages: an embedder, a rated sheet, judged cache pairs, a shadow verdict, a report before. */
async function writeStagesFiles(): Promise<void> {
  const small = "--dim 8 --words 20 --buckets 256";
  await must(
    `signalbox embed distil --texts prompts.jsonl --teacher model.onnx --tokenizer tokenizer.json ${small} --out my.sbemb`,
  );
  cpSync("my.sbemb", "embedder.sbemb");
  await must("signalbox label sheet --workspace ws --out sheet.csv --n 40");
  write("sheet.csv", readFileSync("sheet.csv", "utf8").replaceAll(/("[AB]"),""/g, '$1,"sufficient"'));
  await must("signalbox score --artifact ws/artifact --input dev.jsonl --output scores.jsonl");
  await must("signalbox cache replay --workspace ws");
  await must(
    "signalbox cache pairs judge --workspace ws --judge-url https://api.openai.com/v1 --judge-model gpt-4.1",
  );
  await writeVerdicts();
  await must("signalbox outcomes import mini.jsonl --workspace ws");
  await must("signalbox shadow analyze --pairs shadow.jsonl --verdicts verdicts.jsonl --workspace ws");
  await must("signalbox report --workspace ws --out after.html");
  cpSync("ws", "before", { recursive: true });
}

/** Verdicts of a human on the pairs that the judge has seen. */
async function writeVerdicts(): Promise<void> {
  const pairs = await readTable<CachePairRow>(openWorkspace("ws"), "SELECT * FROM cache_pairs");
  const lines = pairs.map(({ request_id, entry_id }) => `${request_id},${entry_id},same`);
  writeLines("verdicts.csv", ["request_id,entry_id,verdict", ...lines]);
}

/** A bill of OpenAI for one day that says what the log says. */
async function writeMatchingBill(): Promise<void> {
  const billed = await readTable<{ model: string; usd: number }>(
    openWorkspace("ws"),
    `SELECT model, sum(coalesce(cost_reported_usd, cost_list_usd)) AS usd FROM requests
     WHERE provider = 'openai' AND created_at::TIMESTAMP::DATE = '2026-09-02' GROUP BY model ORDER BY model`,
  );
  const day = Date.UTC(2026, 8, 2) / 1000;
  writeLines("bill.csv", [
    "start_time,end_time,amount_value,amount_currency,line_item",
    ...billed.map(({ model, usd }) => `${day},${day + 86_400},${usd},usd,"${model}"`),
  ]);
}
