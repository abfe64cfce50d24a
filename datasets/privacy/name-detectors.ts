import { type Detector, type Finding, textBefore } from "./detector.js";
import { givenNames } from "./given-names.js";

/** What may stand between title and surname, or between given name and surname. */
const particles = "(?:(?:van|von|vom|zu|de|der|den|del|della|di|da|dos|du|la|le|bin|al|el) ){0,2}";

/** One to three capitalised words, the particles between them included: `Anna-Lena von der Leyen`, `O'Neil`, `J. Doe`. */
const word = "\\p{Lu}(?:\\.|[\\p{L}'\u2019-]{1,24})";
const fullName = `${word}(?: (?:[ye] )?${particles}${word}){0,3}`;

/** What a name begins with, for RE2: a Latin capital or anything beyond ASCII. Unicode classes would make the program too large. */
const capital = "[A-Z\\x{80}-\\x{10FFFF}]";

/** Titles that stand before a surname. */
const title =
  "(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Herr|Herrn|Frau|Monsieur|Madame|Mme|Se\u00f1or|Se\u00f1ora|Sr|Sra|Signor|Signora)";

/** Names where the text around them says that they are names: fields, greetings, introductions. Names in running text are not
 * found: that needs a language model. */
export const nameDetectors: readonly Detector[] = [
  // "first_name": "Jane", customerName: 'Jane Doe'
  nameDetector({
    hints: ["name"],
    before:
      "(?:first|last|middle|full|given|family|sur|customer|client|patient|employee|contact|candidate|applicant|holder|recipient|sender|author|display|legal|maiden|[Vv]or|[Nn]ach|user)[_ -]?[nN]ame\\\\?[\"']?[ \\t\\r\\n]{0,3}[:=][ \\t\\r\\n]{0,3}\\\\?[\"']",
    after: "\\\\?[\"']",
    isName: () => true,
  }),
  // "name": "Jane Doe" is a person when the first word is a given name.
  nameDetector({
    hints: ['name"', "name\\", "name'"],
    before: "[\"'][nN]ame\\\\?[\"'][ \\t\\r\\n]{0,3}:[ \\t\\r\\n]{0,3}\\\\?[\"']",
    after: "\\\\?[\"']",
    isName: ([, name]) => isPerson(name!),
  }),
  // A line of a form: Name: Jane Doe
  nameDetector({
    hints: ["name", "contact", "patient", "nombre", "nom"],
    before: "(?:Name|Contact|Patient|Nombre|Nome?)\\*{0,2} ?:\\*{0,2}[ \\t]{1,3}",
    isName: ([, name]) => isPerson(name!) || new RegExp(`^${title}\\b`, "u").test(name!),
  }),
  // Dear Jane, Sehr geehrter Herr Doe, Estimada Ana
  nameDetector({
    hints: [
      ..."dear |hi |hello |geehrte|liebe|hallo |cher|ch\u00e8re|bonjour |estimad|querid|hola |caro |cara |gentile |beste ".split(
        "|",
      ),
    ],
    before: `(?:Dear|Hi|Hello|Sehr geehrter?|Lieber?|Hallo|Ch\u00e8re|Cher|Bonjour|Estimad[oa]|Querid[oa]|Hola|Car[oa]|Gentile|Beste) (?:${title}\\.? )?(?:(?:Dr|Prof)\\.? )?${particles}`,
    isName: isGreeting,
  }),
  // My name is Jane Doe
  nameDetector({
    hints: [
      ..."name is |name's |name\u2019s |name ist |ich hei|appelle |nom est |me llamo |nombre es |mi chiamo |naam is |me chamo |nome \u00e9".split(
        "|",
      ),
    ],
    before: `(?:[Mm]y (?:full |first |last )?name(?: is|'s|\u2019s)|[Mm]ein Name ist|[Ii]ch hei(?:\u00df|ss)e|[Jj]e m['\u2019]appelle|[Mm]on nom est|[Mm]e llamo|[Mm]i nombre es|[Mm]i chiamo|[Mm]ijn naam is|[Mm]e chamo|[Mm]eu nome \u00e9) (?:${title}\\.? )?`,
    isName: ([, name]) => !isNobody(name!),
  }),
  // Mr. Doe, Frau Dr. Doe
  nameDetector({
    hints: [..."mr. |mrs. |ms. |mr |mrs |ms |dr. |prof. |herr |herrn |frau |mme |sra. |sr. ".split("|")],
    glue: /[\p{L}\p{N}_.@/-]/u,
    before: `(?:Mrs?\\.?|Ms\\.?|Dr\\.|Prof\\.|Herrn?|Frau|Mme|Sra?\\.) (?:(?:Dr|Prof)\\.? )?${particles}`,
    isName: ([, name]) => !isNobody(name!),
  }),
  // Kind regards,\nJane Doe
  nameDetector({
    hints: [
      ..."regards|sincerely|cheers|gr\u00fc|gruss|gru\u00df|cordialement|saludos|saluti|best|wishes".split(
        "|",
      ),
    ],
    before:
      "(?:[Rr]egards|[Ss]incerely(?: yours)?|[Cc]heers|[Ww]ishes|Best|[Gg]r\u00fc(?:\u00df|ss)en?|Gru(?:\u00df|ss)|[Cc]ordialement|[Ss]aludos|[Ss]aluti),?[ \\t]{0,3}(?:\\r?\\n|\\\\r\\\\n|\\\\n){1,2}[ \\t]{0,3}",
    isName: ([, name]) => !isNobody(name!),
  }),
];

/** @param before what announces the name, in the syntax that RE2 and JavaScript share */
function nameDetector({
  hints,
  before,
  after = "",
  glue,
  isName,
}: {
  hints: readonly string[];
  before: string;
  after?: string;
  glue?: RegExp;
  isName: (match: RegExpExecArray) => boolean;
}): Detector {
  return {
    kind: "NAME",
    hints,
    pattern: new RegExp(`${before}(${fullName})${after}`, "gu"),
    suspicion: before + capital,
    ...(glue && { glue }),
    find: (match) => (isName(match) ? captured(match) : null),
  };
}

function captured(match: RegExpExecArray): Finding {
  const value = match[1]!;
  const start = match.index + match[0].lastIndexOf(value);
  return { start, end: start + value.length, value: value.toLowerCase() };
}

function isPerson(name: string): boolean {
  const [first = ""] = name.split(/[ -]/);
  return name.includes(" ") && givenNames.has(plain(first));
}

function plain(name: string): string {
  return name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Whom letters greet that is nobody in particular. */
const nobody = new Set(
  (
    "mr mrs ms mme dr prof herr herrn frau sir sirs madam madame all team colleague colleagues customer customers friend friends hiring manager committee editor editors reader readers valued " +
    "students student parents everyone folks there world god lord diary santa user users guest member members support applicant candidate " +
    "recruiter professor doctor board investors shareholders reviewer reviewers author authors ladies gentlemen damen herren kollegen kolleginnen " +
    "kunde kunden team freunde tous toutes monsieur messieurs client clients amigos equipo todos cliente clienti tutti assistant chatgpt claude " +
    "gpt gemini bot siri alexa copilot llama computer ai not the a an in on at to for and or is it this that what how please hello hi hey"
  ).split(" "),
);

function isNobody(name: string): boolean {
  const [first = ""] = name.split(/[ -]/);
  return nobody.has(plain(first)) || (/^[\p{Lu}.\d]+$/u.test(name.replaceAll(" ", "")) && name.length < 4);
}

/** A word of greeting that begins its line or sentence; casual ones only before a known given name. */
function isGreeting(match: RegExpExecArray): boolean {
  if (isNobody(match[1]!)) return false;
  if (/^[\p{L}\p{N}]$/u.test(textBefore(match, 1)) && !/\\[nrt]$/.test(textBefore(match, 2))) return false;
  if (/^(?:Dear|Sehr|Estimad|Querid|Gentile)/.test(match[0])) return true;
  const [first = ""] = match[1]!.split(/[ -]/);
  return givenNames.has(plain(first)) || new RegExp(` ${title}\\.? `, "u").test(match[0]);
}
