const months =
  "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|may|" +
  "januar|februar|märz|mai|juni|juli|oktober|dezember|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|" +
  "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|" +
  "janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro";

const patterns = [
  // English
  /today|tonight|tomorrow|yesterday|right now|currently|nowadays|as of now|at the moment|up[- ]to[- ]date|so far this|breaking news/,
  /latest|newest|most recent|(?:this|next|last|past|coming) (?:few |couple of )?(?:morning|afternoon|evening|night|week|weekend|month|quarter|year|mon|tues|wednes|thurs|fri|satur|sun)(?:day|s)?/,
  /current (?!(?:accounts?|cards?|pins?|pass\w+|one|address|phone|number|e?mail|device|bank)(?!\w))\w{1,20}|what time is it|open now|(?:news|weather|forecast|score|stock price|traffic) (?:now|for|in|today)|(?:\d{1,3}|a few|few|two|three) (?:minutes?|hours?|days?|weeks?|months?|years?) ago/,
  // German, French, Spanish, Portuguese
  /heute|morgen (?:früh|abend|mittag)|gestern|aktuell\p{L}{0,3}|derzeit|gerade eben|neueste\p{L}?|(?:diese|nächste|letzte|kommende)[nrms]? (?:woche|monat|jahr|quartal|wochenende)|vor \d{1,3} (?:tagen|wochen|monaten|jahren)/u,
  /aujourd'hui|demain|hier soir|en ce moment|actuel(?:le)?(?:ment)?|derni[eè]res? nouvelles|(?:cette|ce|la|le) (?:semaine|mois|année|week-end)(?: (?:prochaine?|derni[eè]re?|passée?))?|il y a \d{1,3} (?:jours|semaines|mois|ans)/,
  /hoy|ayer|mañana por la|ahora mismo|actualmente|(?:precio|tipo|tasa|estado|hora|temperatura) actual|últim[oa]s? (?:noticias|hora)|est[ae] (?:semana|mes|año|noche|tarde)|(?:semana|mes|año) (?:pasad[oa]|que viene)|hace \d{1,3} (?:días|semanas|meses|años)/,
  /hoje|ontem|amanhã|agora mesmo|neste momento|atual(?:mente)?|últimas notícias|est[ae] (?:semana|mês|ano|noite)|(?:semana|mês|ano) (?:passad[oa]|que vem)|há \d{1,3} (?:dias|semanas|meses|anos)/,
  // Dates
  /\d{4}-[01]\d-[0-3]\d|[0-3]?\d\/[0-3]?\d\/(?:\d{2}|\d{4})|[0-3]?\d\.[01]?\d\.\d{4}|[0-3]\d\.[01]\d\.\d{2}/,
  new RegExp(
    `[0-3]?\\d(?:st|nd|rd|th|er|º|\\.)? (?:of |de )?(?:${months})|(?:${months})\\.? (?:the )?[0-3]?\\d(?:st|nd|rd|th)?|(?:${months}),? (?:de )?(?:19|20)\\d\\d`,
  ),
];
const timeSensitive = patterns.map(
  (pattern) => new RegExp(`(?<![\\p{L}\\p{N}_.-])(?:${pattern.source})(?![\\p{L}\\p{N}_])`, "u"),
);

/** Whether a text asks about now, or about a date, in words of English, German, French, Spanish or Portuguese: such an answer is
 * stale or another one before long. Months and weekdays alone don't count, nor does "now" by itself, which is mostly talk.
 * @param text in NFKC and lower case, straight apostrophes */
export function isTimeSensitive(text: string): boolean {
  return timeSensitive.some((pattern) => pattern.test(text));
}
