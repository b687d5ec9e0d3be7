import { globSync, readFileSync } from 'node:fs';
import type { Fuzz } from '../fuzz.ts';

const literal =
  /(?<=[(=,:[!&|?{};\n]\s*|return\s+)\/(?![*/])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+)\/([dgimsuvy]*)/g;

/** Files whose texts are short whoever wrote them, though a pattern of theirs takes the square of a long one. */
const shortTexts: ReadonlySet<string> = new Set([
  // Names of the configuration: 253 characters.
  'shared/config-file/checks/targets/shared-names.ts',
  // A header: 16 KiB, as Node takes them.
  'shared/issuers/acme/chain/preferred-chain.ts',
  // The configuration, which its own people write.
  'shared/issuers/acme/spec.ts',
]);

type Pattern = { readonly pattern: RegExp; readonly file: string };

/** Every regular expression that the functions' code holds. */
function patterns(): readonly Pattern[] {
  const found = new Map<string, Pattern>();
  for (const file of globSync(['shared/**/*.ts', 'functions/**/*.ts'])) {
    const text = readFileSync(file, 'utf8').replaceAll(/^\s*(?:\*|\/\/|\/\*).*$/gm, '');
    for (const [, source = '', flags = ''] of text.matchAll(literal)) {
      const pattern = patternOf(source, flags);
      if (pattern) found.set(`${source}/${flags}/${shortTexts.has(file)}`, { pattern, file });
    }
  }
  return [...found.values()];
}

function patternOf(source: string, flags: string): RegExp | null {
  try {
    return new RegExp(source, flags.replace('y', ''));
  } catch {
    // A division that looks like one.
    return null;
  }
}

const units = [
  ...['a', 'A', '0', 'f', ' ', '\t', '\n', '-', '.', '_', '/', '=', '"', '<', ',', ':', '*'],
  ...['a.', '0a', '<a>;', 'CN=', ', ', '-----BEGIN CERTIFICATE-----', 'a-', '1h', 'DNS:'],
  ...['\\', '[', '(', '+'],
];
const short = 16_384;
const long = 1_000_000;
/** A pattern that takes the square of it takes a hundred times as long for the short text. */
const mostMsOfShort = 150;
const mostMs = 3_000;

/** The quickest of some times, as others use the machine as well. */
function msOf(pattern: RegExp, text: string, mostMs: number): number {
  let quickest = Number.POSITIVE_INFINITY;
  for (let times = 0; times < 3 && quickest > mostMs; times += 1) {
    const startedAt = performance.now();
    goThrough(pattern, text);
    quickest = Math.min(quickest, performance.now() - startedAt);
  }
  return quickest;
}

/** To the end, as the callers of those with `g` do. */
function goThrough(pattern: RegExp, text: string): void {
  pattern.lastIndex = 0;
  for (let before = 0; pattern.test(text) && pattern.global; before = pattern.lastIndex) {
    if (pattern.lastIndex === before) pattern.lastIndex += 1;
  }
}

/** Texts of one thing again and again, that fit no pattern at their end. */
export const longTexts: Fuzz = {
  name: 'patterns',
  usual: units.length,
  fixed: 3,
  start: async () => {
    const all = patterns();
    if (all.length < 100) throw new Error(`only ${all.length} patterns were found`);
    return (_, nth) => {
      const unit = units[nth % units.length] ?? 'a';
      const textOf = (length: number) => `${unit.repeat(length / unit.length)}\u0000`;
      const [shortText, longText] = [textOf(short), textOf(long)];
      for (const { pattern, file } of all) {
        const isShort = shortTexts.has(file);
        const ms = msOf(pattern, shortText, isShort ? mostMs : mostMsOfShort);
        if (ms > (isShort ? mostMs : mostMsOfShort)) throw slow(pattern, file, unit, ms);
        if (isShort) continue;
        const longMs = msOf(pattern, longText, mostMs);
        if (longMs > mostMs) throw slow(pattern, file, unit, longMs);
      }
      return `${all.length} patterns`;
    };
  },
};

function slow(pattern: RegExp, file: string, unit: string, ms: number): Error {
  return new Error(`${pattern} of ${file} takes ${Math.round(ms)} ms of ${JSON.stringify(unit)}`);
}
