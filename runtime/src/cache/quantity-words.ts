/** Numbers in words that are nothing else in English, German, French, Spanish or Portuguese. */
export const numberWords: ReadonlyMap<string, number> = new Map<string, number>([
  ...counting(
    1,
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
  ),
  ...counting(3, "third fourth fifth sixth seventh eighth ninth tenth"),
  ...counting(2, "zwei drei vier fünf sechs sieben acht neun zehn"),
  ...counting(2, "deux trois quatre cinq"),
  ...counting(2, "dos tres cuatro cinco seis siete ocho nueve diez"),
  ...counting(2, "dois três quatro cinco seis sete oito nove dez"),
  ...tens("twenty thirty forty fifty sixty seventy eighty ninety"),
  ...tens("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"),
  ...tens("vingt trente quarante cinquante soixante"),
  ...tens("veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa"),
  ...tens("vinte trinta quarenta cinquenta sessenta setenta oitenta noventa"),
  ["twice", 2],
  ["dozen", 12],
  ["zwölf", 12],
  ["huit", 8],
  ["doce", 12],
  ["doze", 12],
]);

/** Words and suffixes that multiply the number before them. */
export const multipliers: ReadonlyMap<string, number> = new Map([
  ["hundred", 100],
  ["hundert", 100],
  ["thousand", 1_000],
  ["k", 1_000],
  ["tausend", 1_000],
  ["mille", 1_000],
  ["mil", 1_000],
  ["million", 1e6],
  ["mio", 1e6],
  ["billion", 1e9],
  ["bn", 1e9],
]);

/** Units by their spellings; those after a slash count without a number before them, too. */
export const units: ReadonlyMap<string, string> = table(
  `second:second,seconds,sec,secs,sekunde,sekunden minute:minute,minutes,min,mins,minuten,minuto,minutos
  hour:hour,hours,hr,hrs,h,stunde,stunden,heure,heures,hora,horas day:day,days,tag,tage,tagen,jour,jours,día,días,dia,dias
  night:night,nights,nacht,nächte,nuit,nuits,noche,noches,noite,noites week:week,weeks,woche,wochen,semaine,semaines,semana,semanas
  month:month,months,monat,monate,monaten,mois,mes,meses,mês year:year,years,yr,yrs,jahr,jahre,jahren,ans,año,años,ano,anos
  m:m,meter,meters,metre,metres g:g,gram,grams,gramm l:l,liter,liters,litre,litres w:watt,watts v:volt,volts foot:foot,feet,ft inch:inch,inches
  cup:cup,cups point:point,points`,
);
export const looseUnits: ReadonlyMap<string, string> = table(
  `usd:usd,$,dollar,dollars eur:eur,€,euro,euros gbp:gbp,£,sterling,quid pound:pound,pounds,lb,lbs,pfund jpy:jpy,¥,yen inr:inr,₹,rupee,rupees
  chf:chf,franken,franc,francs cad:cad aud:aud cny:cny,yuan,rmb brl:brl,reais mxn:mxn,peso,pesos btc:btc,bitcoin cent:cents,cent percent:%,percent,prozent
  km:km,kilometer,kilometers,kilometre,kilometres mile:mile,miles cm:cm,centimeter,centimeters,centimetre,centimetres mm:mm,millimeter,millimeters
  kg:kg,kilo,kilos,kilogram,kilograms mg:mg,milligram,milligrams ounce:oz,ounce,ounces ml:ml,milliliter,milliliters gallon:gallon,gallons
  celsius:celsius,°c fahrenheit:fahrenheit,°f kelvin:kelvin byte:byte,bytes kb:kb mb:mb,megabyte,megabytes gb:gb,gigabyte,gigabytes tb:tb,terabyte
  kmh:kmh,kph mph:mph acre:acre,acres hectare:hectare,hectares`,
);

/** Words that name a day, a part of it, or a time of the year. */
export const dateWords: ReadonlyMap<string, string> = table(
  `jan:january,januar,janvier,enero,janeiro feb:february,februar,février,febrero,fevereiro mar:märz,mars,marzo,março apr:april,avril,abril
  may:mai,mayo,maio jun:june,juni,juin,junio,junho jul:july,juli,juillet,julio,julho aug:august,août,agosto
  sep:september,sept,septembre,septiembre,setembro oct:october,oktober,octobre,octubre,outubro nov:november,novembre,noviembre,novembro
  dec:december,dezember,décembre,diciembre,dezembro
  monday:monday,mondays,montag,lundi,lunes tuesday:tuesday,tuesdays,tue,tues,dienstag,mardi,martes
  wednesday:wednesday,wednesdays,wed,mittwoch,mercredi,miércoles thursday:thursday,thursdays,thu,thur,thurs,donnerstag,jeudi,jueves
  friday:friday,fridays,fri,freitag,vendredi,viernes saturday:saturday,saturdays,samstag,samedi,sábado sunday:sunday,sundays,sonntag,dimanche,domingo
  today:today,heute,hoy,hoje,aujourdhui tonight:tonight tomorrow:tomorrow,demain,mañana,amanhã yesterday:yesterday,gestern,ayer,ontem
  overmorrow:übermorgen morning:morning,mornings,vormittag,matin afternoon:afternoon,afternoons,nachmittag
  evening:evening,evenings,abend,soir noon:noon,midday,mittag,midi midnight:midnight,mitternacht,minuit
  weekend:weekend,weekends,wochenende spring:springtime summer:summer,sommer,verano,verão autumn:autumn,herbst,automne,otoño
  winter:winter,hiver,invierno,inverno christmas:christmas,xmas,weihnachten,noël,navidad,natal easter:easter,ostern,pâques`,
);
/** Months and days whose short names are other words, too: they count beside a number or after a word such as "in". */
export const shortDates: ReadonlyMap<string, string> = table(
  "jan:jan feb:feb mar:mar,march apr:apr may:may jun:jun jul:jul aug:aug sep:sep oct:oct nov:nov dec:dec saturday:sat sunday:sun monday:mon",
);
/** Which week, month or year is meant. */
export const dateModifiers: ReadonlyMap<string, string> = table(
  `this:this,diese,diesen,dieser,dieses,cette,esta,este next:next,coming,following,nächste,nächsten,nächster,nächstes,prochain,prochaine
  last:last,past,previous,letzte,letzten,letzter,letztes,dernier,dernière,pasado,pasada,passado,passada`,
);

/** Every word above, for a quick look whether one needs a second. */
export const quantityWords: ReadonlySet<string> = new Set(
  [numberWords, multipliers, looseUnits, dateWords, shortDates, dateModifiers].flatMap((words) => [
    ...words.keys(),
  ]),
);

function counting(from: number, words: string): Array<[string, number]> {
  return words.split(" ").map((word, i) => [word, from + i]);
}

function tens(words: string): Array<[string, number]> {
  return words.split(" ").map((word, i) => [word, 20 + 10 * i]);
}

function table(entries: string): ReadonlyMap<string, string> {
  return new Map(
    entries.split(/\s+/).flatMap((entry) => {
      const [name, spellings] = entry.split(":") as [string, string];
      return spellings.split(",").map((spelling): [string, string] => [spelling, name]);
    }),
  );
}
