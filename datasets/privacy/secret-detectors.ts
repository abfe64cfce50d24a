import { type Detector, tailOfMatch, wholeMatch } from "./detector.js";

/** Keys, tokens, passwords: what gives access. */
export const secretDetectors: readonly Detector[] = [
  {
    kind: "PRIVATE_KEY",
    hints: ["PRIVATE KEY"],
    // The second branch is a key that the logger cut off: whatever looks like its body goes.
    pattern:
      /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----(?:(?:[\w+/=\s\\:,.()]|-(?!----)){0,20000}-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----|[\s\\nr]{0,8}[A-Za-z0-9+/=]{16,100}(?:[\s\\nr]{1,8}[A-Za-z0-9+/=]{16,100}){0,200})/g,
  },
  {
    kind: "JWT",
    hints: ["eyJ"],
    glue: /[\w-]/,
    pattern: /eyJ[\w-]{8,2000}\.eyJ[\w-]{8,8000}(?:\.[\w-]{1,2000})?/g,
  },
  {
    kind: "API_KEY",
    hints: ["sk-", "sk_", "rk_"],
    glue: /[\w-]/,
    pattern:
      /(?:sk-(?:ant|proj|svcacct|admin|or|lf)-[\w-]{16,300}|sk-[\w-]{20,300}|[sr]k_(?:live|test)_\w{16,200})/g,
    find: (match) => (/\d/.test(match[0]) && !isSlug(match[0]) ? wholeMatch(match) : null),
  },
  {
    kind: "API_KEY",
    hints: [
      "AIza",
      "gsk_",
      "xai-",
      "pplx-",
      "nvapi-",
      "hf_",
      "r8_",
      "ya29.",
      "lsv2_",
      "fw_",
      "tgp_v1_",
      "pk-lf-",
    ],
    glue: /[\w-]/,
    pattern:
      /(?:AIza[\w-]{30,60}|gsk_\w{20,200}|xai-\w{20,200}|pplx-\w{20,200}|nvapi-[\w-]{20,200}|hf_[A-Za-z0-9]{30,60}|r8_\w{30,60}|ya29\.[\w.-]{20,500}|lsv2_\w{20,120}|fw_\w{20,60}|tgp_v1_[\w-]{20,120}|pk-lf-[\w-]{20,80})/g,
  },
  {
    kind: "AWS_KEY",
    hints: ["AKIA", "ASIA", "ABSK"],
    glue: /\w/,
    pattern: /(?:A(?:KIA|SIA)[A-Z0-9]{16}(?!\w)|ABSK[A-Za-z0-9+/=]{40,300})/g,
  },
  {
    kind: "ACCESS_TOKEN",
    hints: [
      "ghp_",
      "gho_",
      "ghu_",
      "ghs_",
      "ghr_",
      "github_pat_",
      "glpat-",
      "npm_",
      "pypi-",
      "dop_v1_",
      "shpat_",
      "lin_api_",
    ],
    glue: /[\w-]/,
    pattern:
      /(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_\w{22,255}|glpat-[\w-]{20,100}|npm_[A-Za-z0-9]{36}|pypi-[\w-]{40,300}|dop_v1_[0-9a-f]{64}|shpat_[0-9a-fA-F]{32}|lin_api_\w{32,64})/g,
  },
  {
    kind: "ACCESS_TOKEN",
    hints: ["xoxa-", "xoxb-", "xoxe", "xoxp-", "xoxr-", "xoxs-", "xapp-", "hooks.slack.com", "SG."],
    glue: /[\w-]/,
    pattern:
      /(?:xox[abeprs][.-][A-Za-z0-9.-]{10,250}|xapp-[A-Za-z0-9-]{10,250}|SG\.[\w-]{16,32}\.[\w-]{32,64})|hooks\.slack\.com\/services\/[A-Za-z0-9/]{20,80}/g,
  },
  {
    kind: "ACCESS_TOKEN",
    pattern: /(?:bearer|basic)(?:\s{1,4}|%20)([A-Za-z0-9._~+/=-]{16,4000})/gi,
    find: (match) => (isTokenLike(match[1]!) ? tailOfMatch(match, match[1]!) : null),
  },
  {
    kind: "PASSWORD",
    hints: ["://"],
    pattern: /\b[a-zA-Z][a-zA-Z0-9+.-]{1,20}:\/\/[^\s:@/"'<>]{0,64}:([^\s/"'<>]{1,200})@/g,
    find: (match) => {
      const password = match[1]!;
      const start = match.index + match[0].length - 1 - password.length;
      return isTemplate(password) ? null : { start, end: start + password.length, value: password };
    },
  },
  {
    kind: "SECRET",
    hints: [":", "="],
    pattern:
      /(?:secret|token|api[_-]?key|apikey|access[_-]?key|account[_-]?key|shared[_-]?access[_-]?key)\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?([A-Za-z0-9+/_=.~-]{16,500})/gi,
    find: (match) =>
      isTokenLike(match[1]!) && !isTemplate(match[1]!) ? tailOfMatch(match, match[1]!) : null,
  },
  {
    kind: "PASSWORD",
    hints: [":", "="],
    pattern:
      /(?:password|passwd|passphrase|pwd)\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?([^\s"'`,;\\<>(){}[\]]{6,200})/gi,
    find: (match) => (isPasswordLike(match[1]!) ? tailOfMatch(match, match[1]!) : null),
  },
];

/** Words joined by hyphens, such as `sk-learn-pipeline-2-steps`, not random characters. */
function isSlug(text: string): boolean {
  return /^[a-z]+(?:-(?:[a-z]+|\d{1,4}))+$/.test(text);
}

/** Letters and digits mixed as in a credential: not a word, a path, a version or a number. */
function isTokenLike(text: string): boolean {
  return (
    /\d.*\d/s.test(text) &&
    /[A-Za-z].*[A-Za-z]/s.test(text) &&
    !isSlug(text) &&
    !/^[\w-]+(?:[./][a-z_-]+)+$/.test(text)
  );
}

function isPasswordLike(text: string): boolean {
  return /[A-Za-z]/.test(text) && /[\d!@#%^&*?+]/.test(text) && !isTemplate(text);
}

/** A stand-in in a manual, or a placeholder of ours. */
function isTemplate(text: string): boolean {
  return /^[$<{%]|^\[|^[*xX.]+$|^(?:[A-Z]+_)+[0-9a-f]{6}\]?$/.test(text);
}
