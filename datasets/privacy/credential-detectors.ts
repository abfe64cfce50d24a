import { type Detector, type Finding, tailOfMatch } from "./detector.js";

/** Passwords and tokens that the text around them gives away. */
export const credentialDetectors: readonly Detector[] = [
  {
    kind: "ACCESS_TOKEN",
    hints: ["bearer", "basic", "ssws"],
    pattern: /(?:bearer|basic|ssws)(?:[ \t]{1,4}|%20|\\t)([A-Za-z0-9._~+/=-]{16,4000})/gi,
    suspicion: "(?i:(?:bearer|basic|ssws)(?:[ \\t]{1,4}|%20|\\\\t)[A-Za-z0-9._~+/=-]{16})",
    find: (match) => (isTokenLike(match[1]!) ? tailOfMatch(match, match[1]!) : null),
  },
  {
    kind: "PASSWORD",
    hints: ["://"],
    pattern: /[A-Za-z0-9+.-]:\/\/[^\s:@/"'<>]{0,64}:([^\s/"'<>]{1,200})@/g,
    suspicion: "[A-Za-z0-9+.-]:\\/\\/[^\\s:@/\"'<>]*:[^\\s/\"'<>]+@",
    find: (match) => {
      const password = match[1]!;
      const start = match.index + match[0].length - 1 - password.length;
      return isTemplate(password) ? null : { start, end: start + password.length, value: password };
    },
  },
  {
    kind: "SECRET",
    hints: ["secret", "token", "apikey", "api_key", "api-key", "key", "credential", "signature", "sig="],
    pattern:
      /(?:secret|token|api[_-]?key|(?:access|account|shared|signing|encryption|master|license|secret|private|auth|subscription)[_-]?(?:access)?[_-]?key|credentials?|[?&]sig(?:nature)?)\\?["']?[ \t]{0,3}[:=][ \t]{0,3}\\?["']?([A-Za-z0-9+/_=.~%-]{16,500})/gi,
    suspicion:
      "(?i:(?:secret|token|key|credentials?|[?&]sig(?:nature)?)\\\\?[\"']?[ \\t]{0,3}[:=][ \\t]{0,3}\\\\?[\"']?[A-Za-z0-9+/_=.~%-]{16})",
    find: (match) =>
      isTokenLike(match[1]!) && !isTemplate(match[1]!) ? tailOfMatch(match, match[1]!) : null,
  },
  {
    kind: "PASSWORD",
    hints: [
      "password",
      "passwd",
      "passphrase",
      "pwd",
      "passwort",
      "kennwort",
      "contrase",
      "mot de passe",
      "senha",
    ],
    pattern:
      /(?:password|passwd|passphrase|pwd|passwort|kennwort|contrase\u00f1a|mot de passe|senha)\\?["']?(?:[ \t]{0,3}(?::=|=>|[:=>])|[ \t]{1,3}(?:is|was|ist|lautet|es|est|is now|:)[ \t])[ \t]{0,3}\\?["']?([^\s"'`,;\\<>(){}[\]]{6,200})/giu,
    suspicion:
      "(?i:(?:password|passwd|passphrase|pwd|passwort|kennwort|contrase\u00f1a|mot de passe|senha)\\\\?[\"']?(?:[ \\t]{0,3}(?::=|=>|[:=>])|[ \\t]{1,3}(?:is|was|ist|lautet|es|est|is now|:)[ \\t])[ \\t]{0,3}\\\\?[\"']?[^\\s\"'`,;\\\\<>(){}\\[\\]]{6})",
    find: (match) => (isPasswordLike(match[1]!) ? withoutFullStop(tailOfMatch(match, match[1]!)) : null),
  },
];

/** Letters and digits mixed as in a credential: not a word, a path, a version or a number. */
function isTokenLike(text: string): boolean {
  return (
    /\d[^\d]*\d/.test(text) &&
    /[A-Za-z][^A-Za-z]*[A-Za-z]/.test(text) &&
    !/^[A-Za-z]+(?:[-_.](?:[A-Za-z]+\d{0,2}|[vV]?\d{1,4}[kmbKMB]?))+$/.test(text) &&
    !/^[\w-]+(?:[./][a-z_-]+)+$/.test(text) &&
    bitsPerCharacter(text) >= 2.5
  );
}

/** Shannon entropy of the characters: 3 to 6 in random keys, less in runs of one letter. */
function bitsPerCharacter(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

function isPasswordLike(text: string): boolean {
  return /[A-Za-z]/.test(text) && /[\d!@#%^&*?+$]/.test(text.replace(/[.!?]+$/, "")) && !isTemplate(text);
}

function withoutFullStop({ start, end, value }: Finding): Finding {
  return value.endsWith(".") ? { start, end: end - 1, value: value.slice(0, -1) } : { start, end, value };
}

/** A stand-in in a manual, or a placeholder of ours. */
function isTemplate(text: string): boolean {
  return /^[$<{%]|^\[|^[*xX.]+$|^(?:[A-Z]+_)+[0-9a-f]{6}\]?$/.test(text);
}
