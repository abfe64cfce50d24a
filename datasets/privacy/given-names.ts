/** Common given names of several languages, in lower case: what makes two capitalised words under the key `name` a person and
 * not a product or a city. */
export const givenNames: ReadonlySet<string> = new Set(
  (
    "aaron abigail adam adrian ahmed aisha alan alba albert alejandra alejandro alena alessandro alex alexander alexandra alice alicia alina " +
    "alison ali amanda amelia amir amit amy ana anders andrea andreas andrew angela anita anja anna anne annika anthony antoine antonio " +
    "arjun arthur astrid aurora ava ayesha barbara beatriz ben benjamin bernd beth birgit bob boris brandon brian bruno camille carla " +
    "carlos carol carolina caroline catherine chantal charles charlotte chiara chloe chris christian christina christine christopher " +
    "claire clara claudia colin dan daniel daniela david deborah denise dennis diana diego dieter dimitri dmitri dominik donald donna dorothy " +
    "edward elena elif elisabeth elizabeth ella ellen emanuel emil emilia emily emma enrique eric erik ernst esther ethan eva evelyn " +
    "fabian fabio fatima fatma federico felix fernando fiona florian francesca francesco francisco frank frederic fritz gabriel gabriela " +
    "gary george georg gerard gerhard giovanni giulia giuseppe gloria gonzalo grace greg gregory guillaume gustav hana hannah hans harold " +
    "harry hassan heather heidi heinrich helen helena helga henri henrik henry hiroshi holger hugo ian ibrahim igor ines ingrid irene " +
    "irina isabel isabella ivan jack jackie jacob jacques jake james jan jana jane janet jason javier jay jean jeff jeffrey jennifer jens " +
    "jeremy jerry jessica jiri joan joanna joao joel johan johanna johannes john johnny jonas jonathan jorge jose josef joseph joshua " +
    "joyce juan judith judy julia julian julie juliette justin kai karen karin karl kate katharina katherine kathleen katrin keith " +
    "kelly ken kenji kenneth kevin khalid kim klaus kristina kumar kurt kyle lars laura lauren laurent lea leila lena leo leon leonardo " +
    "lewis liam lily linda lisa logan louis louise luca lucas lucia lucy luigi luis luisa lukas luke maja manuel marc marcel marco " +
    "marcus margaret maria marie marina mario marion marius mark markus marta martha martin martina mary mateo mateusz matthew matthias " +
    "maurice max maximilian maya megan mehmet mei mette mia michael michal michel michelle miguel mike mila mohamed mohammed monica " +
    "monika muhammad mustafa nadia nancy naomi natalia natalie natasha nathan neha nicholas nick nicola nicolas nicole niels nikolai " +
    "nils nina noah noor olaf oleg olga oliver olivia omar oscar otto owen pablo paolo pascal pat patricia patrick paul paula pauline pavel " +
    "pedro peter petra philip philipp philippe pierre pietro piotr priya rachel rafael rahul raj ralf ralph ramon raquel ray rebecca " +
    "renate rene ricardo richard rita robert roberto roger roland ronald rosa rose roy ruben ruth ryan sabine sally salma sam samantha " +
    "samir samuel sandra sanjay sara sarah scott sean sebastian sergei sergey sergio sharon shirley silvia simon simone sofia sofie sonia " +
    "sophia sophie stefan stefania stefano stella stephan stephanie stephen steve steven sunita susan susanne suzanne sven svetlana " +
    "sylvie tamara tanja tanya tara tatiana teresa terry theo theresa thierry thomas tim timothy tina tobias todd tom tomas tommaso tony " +
    "tracy ulrich ulrike ursula uwe valentina valeria vanessa vera veronica victor victoria viktor vincent vikram virginia vladimir walter " +
    "wei wendy werner wilhelm william wolfgang xavier yasmin yolanda yuki yusuf yves zoe"
  ).split(" "),
);
