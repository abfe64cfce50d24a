const record =
  "(?:order|ticket|case|invoice|booking|reservation|tracking|reference|confirmation|account|customer|policy|claim|transaction|parcel|shipment)";
const recordWord = "(?:bestell|auftrags?|kunden|rechnungs?|konto|vorgangs?)(?:-?nummer|-?nr)";
const owned =
  "(?:order|package|parcel|shipment|delivery|refund|ticket|appointment|reservation|booking|flight|claim)";

const patterns = [
  // A record with its number
  `${record}s? ?(?:number|no|nr|id|code)?[.:]? ?(?:is |was )?#? ?[a-z]{0,4}-?\\d{3,}[\\w-]{0,20}`,
  `${recordWord}[.:]? ?(?:ist |lautet )?#? ?[a-z]{0,4}-?\\d{3,}`,
  "(?:commande|pedido|factura|fatura|facture|encomenda|reserva|cuenta|conta|compte)(?: n[º°o]?\\.?| número| numéro)? ?#? ?\\d{3,}",
  // Who is asking
  "my (?:full |first |last )?name is(?! (?:not|spelled|misspelled|wrong|on|incorrect))|(?:who|where) am i|do you know who i am|(?:tell me|do you know) my name|my (?:current |gps )?(?:location|coordinates)|what(?:'s| is) my (?:full |first |last )?(?:name|age|birthday|address)|mein name ist|ich heiße|wer bin ich|je m'appelle|mon nom est|qui suis-je|me llamo|mi nombre es|quién soy|meu nome é|me chamo|quem sou eu",
  // The state of one's own affairs
  "(?:what(?:'s| is| was| are)|show(?: me)?|tell me|(?<!(?:can|could|do|should) i )(?<!how to )(?:check|see|get)|give me|read(?: me)?) (?:the )?(?:\\w{1,12} )?my (?:\\w{1,12} ){0,2}(?:balances?|transactions|spendings?|expenses|statement|credit score|to-?do list|shopping list|calendar|schedule|reminders|meetings?|appointments?|credit limit|pay ?check|salary)(?= ?[?.!,]| (?:on|in|for|at|of|with|today|now|please|from|right)|$)",
  "how much (?:money |cash |credit )?(?:do|did|have|is|am|was|will) (?:i|we) (?:have|spend|spent|owe|own|earn|earned|make|made|paid|pay|got|left|saved)(?! to\\b)",
  `(?:where(?:'s| is| are)|status (?:of|on)|track|what(?:'s| is| happened (?:to|with)) (?:the status of )?|when (?:will|does|is)) my (?:\\w{1,12} )?${owned}s?(?! card)`,
  `(?:did|was|has|have|is) my (?:\\w{1,12} )?(?:order|purchase|package|parcel|shipment|flight)s?|how much (?:money )?(?:is (?:in|on|left)|i have|i(?:'ve| have)? spent)|(?:do|will|if) i have (?:enough|more than)|my (?:reminder|to-? ?do|shopping|grocery) list|how (?:much|high) (?:is|are) my (?:\\w{1,12} ){0,3}(?:bills?|balance|credit)`,
  `my (?:\\w{1,12} )?${owned} status|what did i (?:buy|order|spend|say|ask|do)|(?:do i have|have i got) (?:any |enough )?(?:\\w{1,12} ){0,2}(?:meetings?|appointments?|reminders?|vacation days|pto|days off|money|messages|emails)`,
  "(?:mein(?:e|en|er)?) (?:kontostand|bestellstatus|guthaben)|wo (?:ist|bleibt) mein(?:e)? (?:bestellung|paket|lieferung)|(?:mon|le) solde de mon compte|où est (?:ma commande|mon colis)|mi saldo|dónde está mi (?:pedido|paquete)|meu saldo|onde está (?:meu pedido|minha encomenda)",
];
const userSpecific = patterns.map(
  (pattern) => new RegExp(`(?<![\\p{L}\\p{N}_])(?:${pattern})(?![\\p{L}\\p{N}_])`, "u"),
);

/** Whether a text asks about this user's own affairs: a record by its number, who they are, the state of their account, order or
 * calendar, in English and, roughly, German, French, Spanish and Portuguese. "My" alone says nothing: "how do I change my PIN"
 * and "why was my card declined" have one answer for all.
 * @param text in NFKC and lower case, straight apostrophes */
export function isUserSpecific(text: string): boolean {
  return userSpecific.some((pattern) => pattern.test(text));
}
