import { stemWord } from "./stem-word.js";

/** Words that carry no content of their own, in English, German, French, Spanish and Portuguese. */
export const functionWords = wordSet(
  `a an the this that these those i you he she it we they me him us them my your his her its our their mine yours myself yourself
  am is are was were be been being do does did done doing have has had having will would shall should can could may might must
  of in on at to for from by with into onto about as than over under up down out off through between until till during per
  and or but so if then else because while when where what which who whom whose why how there here also just very really too
  still already yet now only even ever much many more some any all each every other another such own same again please
  want wanted need needed like would id im ive youre its thats theres dont get got getting let lets make made want wanna gonna
  thanks thank hi hello hey dear ok okay well yes no not help tell know think sure sorry honestly able way thing things
  one ones anything something anywhere everything exactly actually basically currently possible possibly going go few couple asap
  der die das den dem des ein eine einen einem einer eines und oder aber ist sind war bin hat habe haben wird werden kann können
  ich du er sie es wir ihr mich mir dich dir sich mein meine meinen meiner meinem dein von vom zu zum zur mit für auf im am an aus bei
  wie was wo wann warum wer nicht auch nur noch schon bitte danke man
  le la les un une des du de et ou mais est sont je tu il elle nous vous ils elles mon ma mes ton ta tes son sa ses ce cette ces
  que qui quoi dans sur pour par avec au aux en ai as avez avoir être suis puis peux comment quand où pas ne plus svp merci
  el los las unos unas del y o pero es son soy está estoy yo él ella nosotros mi mis tu su sus lo le se con por para al
  cómo cuándo dónde qué quién puedo quiero hay gracias favor
  os as um uma uns umas do da dos das no na nos nas e ou mas são sou estou eu ele ela nós meu minha meus minhas seu sua com por
  como quando onde quê quem posso quero há obrigado obrigada`,
);

/** Words that say no, without apostrophes. */
export const negations = wordSet(
  `not no non zero never none nobody nothing neither nor without except cannot cant dont doesnt didnt isnt arent wasnt werent wont wouldnt
  shouldnt couldnt havent havnt hasnt hadnt aint mustnt unable unsure impossible
  nicht kein keine keinen keinem keiner keines ohne nie niemals nichts
  pas sans jamais ne aucun aucune sin nunca jamás ningún ninguna nada não sem nenhum nenhuma`,
);

/** Words that exclude each other: two prompts of which one holds only one and the other only another ask for different things. */
export const opposites: ReadonlyMap<string, readonly number[]> = groupIndex(`
on off|up down|enable disable|activate deactivate|open close|lock unlock|block unblock|freeze unfreeze|subscribe unsubscribe
install uninstall|connect disconnect|mute unmute|pin unpin|hide show|increase decrease|increase reduce|increase lower|raise lower
rise fall|grow shrink|gain lose|higher lower|high low|upgrade downgrade|maximum minimum|maximize minimize|most least|more less|more fewer
buy sell|purchase sell|borrow lend|earn spend|deposit withdraw|deposit withdrawal|send receive|import export|upload download|push pull
encrypt decrypt|encode decode|compress decompress|start stop|start end|start finish|begin end|add remove|add delete|create delete
insert delete|include exclude|accept reject|accept decline|approve reject|approve deny|allow forbid|allow deny|allow prevent|pass fail
win lose|before after|with without|first last|earliest latest|oldest newest|old new|young old|early late|cheap expensive
cheapest expensive|best worst|better worse|good bad|fast slow|faster slower|fastest slowest|hot cold|warm cool|big small|large small
bigger smaller|larger smaller|biggest smallest|largest smallest|long short|longer shorter|longest shortest|heavy light|full empty|wet dry
inside outside|indoor outdoor|inbound outbound|incoming outgoing|arrival departure|arrive depart|arrive leave|above below|left right
north south east west|front back|top bottom|public private|virtual physical|domestic international|credit debit|profit loss
income expense|asset liability|male female|man woman|boy girl|son daughter|husband wife|mother father|brother sister|aunt uncle
adult child|gentleman lady|true false|safe dangerous|legal illegal|always never|positive negative|ascending descending
horizontal vertical|single double|married single|in out|love hate|breakfast lunch dinner|highest lowest|minute hour day week month year
feet meter mile kilometer inch
red blue green yellow black white orange purple pink brown grey|einschalten ausschalten|öffnen schließen|kaufen verkaufen|vor nach
mit ohne|erhöhen senken|aktivieren deaktivieren|sperren entsperren|ouvrir fermer|acheter vendre|avant après|avec sans
augmenter réduire|activer désactiver|bloquer débloquer|abrir cerrar|abrir fechar|comprar vender|antes después|antes depois|con sin
com sem|aumentar reducir|aumentar reduzir|aumentar disminuir|activar desactivar|ativar desativar|bloquear desbloquear`);

/** Names of places, languages and brands that users type in lower case. */
export const knownNames = wordSet(
  `afghanistan argentina australia austria bangladesh belgium brazil bulgaria canada chile china colombia croatia cuba denmark egypt england
  estonia finland france germany greece hungary iceland india indonesia iran iraq ireland israel italy japan kenya korea latvia lithuania
  malaysia mexico morocco nepal netherlands nigeria norway pakistan peru philippines poland portugal romania russia scotland serbia singapore
  slovakia spain sweden switzerland taiwan thailand tunisia turkey ukraine venezuela vietnam wales america europe africa asia usa uk
  alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois indiana iowa kansas kentucky
  louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada ohio oklahoma oregon pennsylvania
  tennessee texas utah vermont virginia wisconsin wyoming
  amsterdam athens atlanta austin baltimore bangkok barcelona beijing berlin boston brussels budapest cairo chicago cleveland copenhagen dallas
  delhi denver detroit dubai dublin edinburgh frankfurt geneva hamburg helsinki houston istanbul lisbon london madrid manchester manila miami
  milan montreal moscow mumbai munich oslo paris philadelphia phoenix portland prague rome seattle seoul shanghai stockholm sydney tokyo toronto
  vancouver venice vienna warsaw washington zurich
  arabic bengali chinese czech danish dutch english finnish french german greek hebrew hindi hungarian italian japanese korean norwegian
  persian polish portuguese romanian russian spanish swedish thai turkish ukrainian vietnamese
  visa mastercard amex maestro paypal venmo google samsung microsoft amazon android iphone linux facebook netflix spotify`,
);

/** Words of failure: in the one prompt they say what a negation says in the other ("failed", "didn't work"). */
export const failures = stemSet(
  "fail decline reject refuse wrong incorrect invalid broken stuck stop miss missing lack deny forgot hard unhappy bad prevent afraid trouble gone delay",
);

/** Opposites that are mostly prepositions: they count beside a verb that they change. */
export const particles = wordSet("on off in out up down");
export const particleVerbs = stemSet(
  "turn switch power toggle log sign check clock opt zoom scroll scale round volume swipe thumb speed",
);

/** One word for several that mean the same where they are compared. */
export const oneWord: ReadonlyMap<string, string> = new Map(
  "kid child,children child,childr child,men man,women woman,mom mother,mum mother,dad father,grey gray,min minimum,max maximum"
    .split(",")
    .map((pair) => pair.split(" ") as [string, string]),
);

/** Stems that one of the lists above knows, for a quick look whether one needs another. */
export const knownStems: ReadonlySet<string> = new Set([
  ...opposites.keys(),
  ...failures,
  ...particleVerbs,
  ...oneWord.keys(),
]);

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/));
}

function stemSet(words: string): ReadonlySet<string> {
  return new Set(words.split(" ").map(stemWord));
}

function groupIndex(groups: string): ReadonlyMap<string, readonly number[]> {
  const index = new Map<string, number[]>();
  groups
    .trim()
    .split(/[|\n]/)
    .forEach((group, id) => {
      for (const word of group.split(" ")) {
        const stem = stemWord(word);
        index.set(stem, [...(index.get(stem) ?? []), id]);
      }
    });
  return index;
}
