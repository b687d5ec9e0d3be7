/** What differs from run to run, each with the word that stands for it. The order counts. */
const changing: readonly (readonly [RegExp, string])[] = [
  [/certkeep@\S+/g, 'certkeep@VERSION'],
  [/[A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \d{4} GMT/g, 'TIME'],
  [/\d{4}-\d\d-\d\d(?: \d\d:\d\d(?: UTC)?)?/g, 'DATE'],
  [/\d\d:\d\d:\d\d/g, 'TIME'],
  [
    /just now|\bnow\b|\bin \d+ (?:minutes?|hours?|days?)|\d+ (?:seconds?|minutes?|hours?) ago/g,
    'AGE',
  ],
  [/\b\d+ d\b/g, 'DAYS'],
  [/\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b/g, 'DAY'],
  [/\b[0-9A-F]{32,40}\b/g, 'SERIAL'],
  [/\bZ[0-9A-F]{10,}\b/g, 'ZONE'],
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID'],
  [/\b[0-9a-f]{16}\b/g, 'ID'],
  [/-alb-\d+\./g, '-alb-NUMBER.'],
  [/:\d{4,5}\b/g, ':PORT'],
  [/\b\d+\.\d s\b/g, 'SECONDS'],
  [/(yes) +\d+\.\d$/gm, '$1 SECONDS'],
  [/[ \t]+/g, ' '],
];

/** Of an attempt that was over between two looks, `renew` tells nothing. */
const maybe = /^TIME issue \S+ forced: .*\n/gm;

/** The lines of an output in which only that remains which is the same in each run. */
export function masked(output: string): readonly string[] {
  return changing
    .reduce((text, [what, word]) => text.replace(what, word), output)
    .replace(maybe, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line, index, all) => line !== '' || all[index - 1] !== '');
}
