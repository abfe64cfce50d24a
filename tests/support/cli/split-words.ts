/** The words of a command line as a shell reads them, as far as examples need it: words between blanks, double quotes around a word.
 * @returns the words behind `signalbox`
 * @throws {Error} for what only a shell can do, or for another program */
export function splitWords(line: string): string[] {
  const words = [...line.matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([word]) => word.replaceAll('"', ""));
  if (words.shift() !== "signalbox") throw new Error(`${line}: not a command line of signalbox`);
  if (/[|&;<>$`*]/.test(line.replaceAll(/"[^"]*"/g, ""))) throw new Error(`${line}: needs a shell`);
  return words;
}
