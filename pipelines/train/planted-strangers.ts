import { createRandom, type Random } from "../../datasets/random.js";

/** A set of requests that no router has been trained on, unless its traffic is just that. */
export interface StrangerSet {
  set: string;
  about: string;
  prompts: string[];
}

const perSet = 60;

/** Plant strange requests, to see how many the out-of-distribution score notices.
 * @param texts user texts of the traffic, for the sets that are made of it
 * @param seed of the random ones */
export function plantedStrangers(texts: readonly string[], seed: number): StrangerSet[] {
  const random = createRandom(seed);
  const some = random.shuffle([...texts]).slice(0, perSet);
  const repeat = (make: () => string) => Array.from({ length: perSet }, make);
  return [
    { set: "other_languages", about: "eight languages in Latin letters", prompts: [...latinLanguages] },
    { set: "other_scripts", about: "nine languages in other scripts", prompts: [...otherScripts] },
    {
      set: "base64",
      about: "the traffic's own requests in base64",
      prompts: some.map((text) => Buffer.from(text, "utf8").toString("base64")),
    },
    { set: "random_letters", about: "words of random letters", prompts: repeat(() => randomWords(random)) },
    {
      set: "random_unicode",
      about: "characters from the whole basic plane",
      prompts: repeat(() => randomUnits(random)),
    },
    { set: "code", about: "code in six languages, without a word about it", prompts: [...code] },
  ];
}

function randomWords(random: Random): string {
  const word = () =>
    String.fromCharCode(...Array.from({ length: 2 + random.below(9) }, () => 97 + random.below(26)));
  return Array.from({ length: 10 + random.below(40) }, word).join(" ");
}

function randomUnits(random: Random): string {
  return String.fromCharCode(
    ...Array.from({ length: 40 + random.below(300) }, () => 0x21 + random.below(0xd000)),
  );
}

const latinLanguages = [
  "Schreiben Sie bitte eine höfliche Antwort an einen Kunden, dessen Paket seit zwei Wochen verspätet ist.",
  "Erkläre kurz, wie die Photosynthese funktioniert und warum sie für Pflanzen wichtig ist.",
  "Écrivez une réponse polie à un client dont le colis a deux semaines de retard.",
  "Explique brièvement comment fonctionne la photosynthèse et pourquoi elle est importante pour les plantes.",
  "Escribe una respuesta cortés a un cliente cuyo paquete lleva dos semanas de retraso.",
  "Explica brevemente cómo funciona la fotosíntesis y por qué es importante para las plantas.",
  "Napisz uprzejmą odpowiedź do klienta, którego paczka jest spóźniona o dwa tygodnie.",
  "Wyjaśnij krótko, jak działa fotosynteza i dlaczego jest ważna dla roślin.",
  "Kirjoita kohtelias vastaus asiakkaalle, jonka paketti on kaksi viikkoa myöhässä.",
  "Selitä lyhyesti, miten fotosynteesi toimii ja miksi se on tärkeä kasveille.",
  "Paketi iki hafta geciken bir müşteriye kibar bir yanıt yazın.",
  "Fotosentezin nasıl çalıştığını ve bitkiler için neden önemli olduğunu kısaca açıklayın.",
  "Tafadhali niandikie barua fupi kwa mteja ambaye mzigo wake umechelewa wiki mbili.",
  "Eleza kwa kifupi jinsi usanisinuru unavyofanya kazi na kwa nini ni muhimu kwa mimea.",
  "Hãy viết một câu trả lời lịch sự cho khách hàng có gói hàng bị trễ hai tuần.",
  "Giải thích ngắn gọn quang hợp hoạt động như thế nào và tại sao nó quan trọng đối với thực vật.",
] as const;

const otherScripts = [
  "请给一位包裹延误两周的客户写一封礼貌的回信。",
  "请用一句话解释什么是光合作用。",
  "荷物が二週間遅れているお客様に丁寧な返事を書いてください。",
  "光合成の仕組みを簡単に説明してください。",
  "소포가 이 주 늦어진 고객에게 정중한 답장을 써 주세요.",
  "Напишите вежливый ответ клиенту, чья посылка опаздывает на две недели.",
  "Объясните кратко, как работает фотосинтез и почему он важен для растений.",
  "Γράψτε μια ευγενική απάντηση σε έναν πελάτη του οποίου το δέμα έχει καθυστερήσει δύο εβδομάδες.",
  "اكتب ردا مهذبا على عميل تأخر طرده أسبوعين.",
  "כתוב תשובה מנומסת ללקוח שהחבילה שלו מתעכבת שבועיים.",
  "उस ग्राहक को विनम्र उत्तर लिखें जिसका पार्सल दो सप्ताह देर से है।",
  "เขียนคำตอบอย่างสุภาพถึงลูกค้าที่พัสดุล่าช้าสองสัปดาห์",
] as const;

const code = [
  "def merge(a, b):\n    out = []\n    while a and b:\n        out.append(a.pop(0) if a[0] <= b[0] else b.pop(0))\n    return out + a + b",
  "const debounce = (fn, ms) => {\n  let t;\n  return (...args) => {\n    clearTimeout(t);\n    t = setTimeout(() => fn(...args), ms);\n  };\n};",
  "SELECT c.id, count(*) AS n FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.created_at > now() - interval '7 days' GROUP BY c.id HAVING count(*) > 3;",
  '#include <stdio.h>\nint main(void) {\n  for (int i = 0; i < 10; i++) printf("%d\\n", i * i);\n  return 0;\n}',
  '#!/bin/sh\nset -eu\nfor f in *.log; do gzip -9 "$f" && mv "$f.gz" archive/; done',
  "<table><tr><th>id</th><td class=\"n\">{{ row.id }}</td></tr></table>\n<script>document.querySelectorAll('td').forEach((e) => e.remove());</script>",
] as const;
