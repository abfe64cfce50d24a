import { type Detector, wholeMatch } from "./detector.js";

/** A credential that tells by its prefix what it is. */
interface KeyShape {
  prefix: string;
  /** Character class of what follows. */
  body: string;
  min: number;
  max: number;
}

/** Keys of model providers and of the tools around them. */
const apiKeys: readonly KeyShape[] = [
  ...shapes("\\w-", 16, 300, "sk-ant-", "sk-proj-", "sk-svcacct-", "sk-admin-", "sk-or-", "sk-lf-", "pk-lf-"),
  ...shapes("\\w-", 20, 300, "sk-", "nvapi-", "tgp_v1_", "pcsk_", "tvly-", "sk-helicone-", "pk-helicone-"),
  ...shapes("\\w", 16, 200, "sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_"),
  ...shapes("\\w-", 30, 60, "AIza"),
  ...shapes("\\w-", 40, 120, "AQ.Ab"),
  ...shapes(
    "\\w",
    20,
    200,
    "gsk_",
    "xai-",
    "pplx-",
    "lsv2_",
    "fw_",
    "csk-",
    "e2b_",
    "vck_",
    "esecret_",
    "bb_live_",
  ),
  ...shapes("A-Za-z0-9", 30, 60, "hf_", "api_org_"),
  ...shapes("\\w", 30, 60, "r8_"),
  ...shapes("0-9a-f", 32, 64, "dapi", "fc-", "key-", "wandb_v1_"),
];

/** Keys of clouds. */
const cloudKeys: readonly KeyShape[] = [
  ...shapes("A-Z0-9", 16, 16, "AKIA", "ASIA"),
  ...shapes("A-Za-z0-9+/=", 40, 300, "ABSK"),
  ...shapes("A-Za-z0-9+/=_-", 40, 4000, "bedrock-api-key-"),
  ...shapes("A-Za-z0-9", 16, 24, "LTAI"),
  ...shapes("\\w-", 28, 40, "GOCSPX-"),
];

/** Tokens of code hosts, package registries, chat and other services. */
const accessTokens: readonly KeyShape[] = [
  ...shapes("\\w.-", 20, 500, "ya29."),
  ...shapes("\\w-", 30, 200, "1//0"),
  ...shapes("A-Za-z0-9_", 20, 255, "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
  ...shapes("\\w.-", 20, 100, "glpat-", "gldt-", "glrt-", "glcbt-", "gloas-"),
  ...shapes("A-Za-z0-9", 36, 36, "npm_"),
  ...shapes("\\w-", 40, 300, "pypi-"),
  ...shapes("0-9a-f", 48, 64, "rubygems_", "dop_v1_", "doo_v1_", "dor_v1_"),
  ...shapes("\\w-", 20, 60, "dckr_pat_", "figd_", "PMAK-", "pscale_tkn_", "dp.pt."),
  ...shapes("0-9a-fA-F", 32, 32, "shpat_", "shpca_", "shppa_", "shpss_"),
  ...shapes("\\w", 32, 64, "lin_api_", "lin_oauth_", "ntn_"),
  ...shapes("\\w=-", 40, 300, "ATATT3", "ATCTT3"),
  ...shapes("\\w-", 24, 250, "hvs.", "hvb."),
  ...shapes(
    "\\w=+/-",
    30,
    250,
    "sntrys_",
    "sntryu_",
    "glsa_",
    "glc_",
    "NRAK-",
    "sbp_",
    "sb_secret_",
    "HRKU-",
  ),
  ...shapes("A-Za-z0-9.-", 10, 250, "xoxa-", "xoxb-", "xoxe-", "xoxe.", "xoxp-", "xoxr-", "xoxs-", "xapp-"),
  ...shapes("\\w-", 22, 60, "sq0atp-", "sq0csp-"),
  ...shapes("A-Z0-9", 40, 70, "AGE-SECRET-KEY-1"),
  ...shapes("A-Za-z0-9/", 20, 80, "hooks.slack.com/services/"),
  ...shapes("\\w/-", 40, 120, "discord.com/api/webhooks/"),
];

/** Credentials that their prefix gives away, and private keys. */
export const keyDetectors: readonly Detector[] = [
  {
    kind: "PRIVATE_KEY",
    hints: ["private key"],
    pattern: /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----/g,
    find: (match) => {
      const begin = match.index + match[0].length;
      const body = privateKeyBody.exec(match.input.slice(begin, begin + longestPrivateKey));
      if (body === null) return null;
      const end = begin + body[0].length;
      return { start: match.index, end, value: match.input.slice(match.index, end) };
    },
  },
  {
    kind: "JWT",
    hints: ["eyj"],
    glue: /[\w-]/,
    pattern: /eyJ[\w-]{8,2000}\.eyJ[\w-]{8,8000}(?:\.[\w-]{1,2000})?/g,
    suspicion: "eyJ[\\w-]{8}",
  },
  keyDetector("API_KEY", apiKeys),
  keyDetector("AWS_KEY", cloudKeys.slice(0, 4)),
  keyDetector("CLOUD_KEY", cloudKeys.slice(4)),
  keyDetector("ACCESS_TOKEN", accessTokens),
  {
    // SendGrid; the bot tokens of Telegram; Azure AD client secrets.
    kind: "ACCESS_TOKEN",
    hints: ["sg.", ":aa", "q~"],
    glue: /[\w-]/,
    pattern: /SG\.[\w-]{16,32}\.[\w-]{32,64}|\d{8,10}:AA[\w-]{32,36}|[\w.~-]{3}\dQ~[\w.~-]{30,36}/g,
  },
];

const longestPrivateKey = 20_000;

/** Up to the end line; or, in a key that the logger cut off, whatever looks like its body. */
const privateKeyBody =
  /^(?:(?:[\w+/=\s\\:,.()]|-(?!----)){0,20000}-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----|[\s\\nr]{0,8}[A-Za-z0-9+/=]{16,100}(?:[\s\\nr]{1,8}[A-Za-z0-9+/=]{16,100}){0,200})/;

function shapes(body: string, min: number, max: number, ...prefixes: string[]): KeyShape[] {
  return prefixes.map((prefix) => ({ prefix, body: `[${body}]`, min, max }));
}

function keyDetector(kind: string, keys: readonly KeyShape[]): Detector {
  // In reverse order a longer prefix stands before its own beginning, which would hide it.
  const sorted = [...keys].sort((a, b) => (a.prefix < b.prefix ? 1 : -1));
  const alternation = (repeat: (shape: KeyShape) => string): string =>
    `(?:${sorted.map((shape) => literal(shape.prefix) + shape.body + repeat(shape)).join("|")})`;
  return {
    kind,
    hints: keys.map(({ prefix }) => prefix.toLowerCase().replace(/\d/g, "0")),
    glue: /[\w-]/,
    pattern: new RegExp(
      alternation(({ min, max }) => `{${min},${max}}`),
      "g",
    ),
    suspicion: alternation(({ min }) => `{${min}}`),
    find: (match) => (/\d/.test(match[0]) && !isSlug(match[0]) ? wholeMatch(match) : null),
  };
}

function literal(text: string): string {
  return text.replace(/[.\\+*?^$()[\]{}|/]/g, "\\$&");
}

/** Words joined by hyphens, such as `sk-learn-pipeline-2-steps`, not random characters. */
function isSlug(text: string): boolean {
  return /^[a-z]+(?:[-_](?:[a-z]+|\d{1,4}))+$/.test(text);
}
