import { domainToASCII, domainToUnicode } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wildcardsDoNotOverlap } from '#shared/config-file/checks/certificates/overlap.ts';
import { normalizeAnyName, normalizeName, normalizeZone } from '#shared/config-file/names.ts';
import { certificateSchema } from '#shared/config-file/schema.ts';
import { runs } from '#test/support/full.ts';

const count = runs(10_000);

/** Scripts with and without case, joiners that belong into names, and what merely looks like letters. */
const unicodeLabel = fc.oneof(
  fc.constantFrom('münchen', 'MÜNCHEN', 'faß', '例え', 'пример', 'ΒΌΛΟΣ', 'βόλος', 'परीक्षा', 'क्‍ष'),
  fc.string({ unit: fc.constantFrom(...'aéßøñçłδжя日本語ㄱ가נاﬁⅷ'), minLength: 1, maxLength: 12 }),
);
const ldh = fc.constantFrom(...'abcxyz0189-');
const asciiLabel = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: ldh, minLength: 1, maxLength: 10 }) },
  { weight: 1, arbitrary: fc.string({ unit: ldh, minLength: 60, maxLength: 66 }) },
  { weight: 1, arbitrary: fc.constantFrom('www', 'WWW', 'xn--mnchen-3ya', 'xn--a', 'ab--c', '') },
);
const junk = fc.string({ unit: 'grapheme', maxLength: 6 });
const label = fc.oneof(
  { weight: 8, arbitrary: asciiLabel },
  { weight: 3, arbitrary: unicodeLabel },
  { weight: 1, arbitrary: junk },
);
/** Around the longest name that the challenge leaves room for. */
const longLabels = fc.array(fc.string({ unit: ldh, minLength: 40, maxLength: 63 }), {
  minLength: 4,
  maxLength: 5,
});
const suffix = fc.constantFrom(
  ...['com', 'COM', 'co.uk', 'de', 'jp', 'github.io', 'рф', 'local', 'home.arpa', '1', ''],
);
const dot = fc.constantFrom('.', '.', '.', '.', '。', '．');

const name = fc
  .record({
    wildcard: fc.constantFrom('', '', '', '*.', '*', '**.'),
    labels: fc.oneof(
      { weight: 8, arbitrary: fc.array(label, { minLength: 0, maxLength: 5 }) },
      { weight: 1, arbitrary: longLabels },
    ),
    suffix,
    dot,
    end: fc.constantFrom('', '', '', '.', '..'),
  })
  .map(
    ({ wildcard, labels, suffix, dot, end }) => `${wildcard}${[...labels, suffix].join(dot)}${end}`,
  );
/** Names near each other, so that repeats and overlaps happen. */
const near = fc
  .tuple(fc.constantFrom('', '*.', 'www.', 'WWW.', 'a.www.'), fc.constantFrom('', 'a.', 'é.'))
  .map(([first, second]) => `${first}${second}example.com`);
const names = fc.array(fc.oneof(name, near), { minLength: 1, maxLength: 8 });

const accepted =
  /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

function normalOf(written: string): string | null {
  const result = normalizeName(written);
  return result.ok ? result.name : null;
}

/** What a file may hold: names of private CAs too. */
function anyNormalOf(written: string): string | null {
  const result = normalizeAnyName(written);
  return result.ok ? result.name : null;
}

function certificate(list: readonly string[]) {
  return certificateSchema.safeParse({ names: [...list], issuer: 'ca' });
}

test(`${count} lists of names: what is accepted is normal, everything else has a reason`, () => {
  let kept = 0;
  let refused = 0;
  let unicode = 0;
  fc.assert(
    fc.property(names, (list) => {
      for (const written of list) {
        const result = normalizeName(written);
        if (!result.ok) {
          refused += 1;
          expect(result.message).not.toBe('');
          expect(result.fix).toMatch(/\.$/);
          continue;
        }
        kept += 1;
        const base = result.name.replace(/^\*\./, '');
        if (/[^\p{ASCII}]/u.test(written)) unicode += 1;
        expect(result.name).toMatch(accepted);
        // `_acme-challenge.` must fit in front (RFC 1035 §2.3.4, RFC 8555 §8.4).
        expect(`_acme-challenge.${base}`.length).toBeLessThanOrEqual(253);
        expect(normalOf(result.name)).toBe(result.name);
        // A-labels stand for what they decode to.
        expect(domainToASCII(domainToUnicode(base))).toBe(base);
        expect(normalOf(base)).toBe(base);
        expect(normalOf(`*.${base}`)).toBe(`*.${base}`);
        expect(normalizeZone(base)).toEqual({ ok: true, name: base });
      }
    }),
    { numRuns: count },
  );
  // The generator reaches both sides, in other scripts too.
  expect(Math.min(kept, refused)).toBeGreaterThan(count / 2);
  expect(unicode).toBeGreaterThan(count / 10);
});

test(`${count} lists of names: case, a dot at the end, wide characters and A-labels change nothing`, () => {
  fc.assert(
    fc.property(names, (list) => {
      for (const normal of list.map(normalOf)) {
        if (normal === null) continue;
        const wide = normal.replace(/[a-z0-9]/g, (character) =>
          String.fromCharCode(character.charCodeAt(0) + 0xfee0),
        );
        const isWild = normal.startsWith('*.');
        const shown = domainToUnicode(isWild ? normal.slice(2) : normal);
        const decoded = isWild ? `*.${shown}` : shown;
        for (const variant of [normal.toUpperCase(), `${normal}.`, wide, decoded]) {
          expect(normalOf(variant)).toBe(normal);
        }
      }
    }),
    { numRuns: count },
  );
});

test(`${count} lists of names: a certificate keeps each normal name once, in the order written`, () => {
  let overlaps = 0;
  fc.assert(
    fc.property(names, (list) => {
      const normal = list.map(anyNormalOf);
      const result = certificate(list);
      const isSound = normal.every((each) => each !== null);
      expect(result.success).toBe(isSound);
      if (!isSound || !result.success) return;
      const expected = normal.filter((each, index) => normal.indexOf(each) === index);
      expect(result.data.names).toEqual(expected);
      const covered = expected.filter((each) =>
        expected.some((other) => other !== each && isCoveredBy(each ?? '', other ?? '')),
      );
      overlaps += covered.length;
      const found = wildcardsDoNotOverlap(draftWith(result.data.names));
      expect(found.map(({ path }) => expected[Number(path.at(-1))])).toEqual(covered);
    }),
    { numRuns: count },
  );
  expect(overlaps).toBeGreaterThan(count / 100);
});

/** One label in front of the wildcard's base, and no wildcard itself (RFC 9525 §6.3). */
function isCoveredBy(name: string, wildcard: string): boolean {
  if (!wildcard.startsWith('*.') || name.startsWith('*.')) return false;
  const above = wildcard.slice(1);
  return name.endsWith(above) && !name.slice(0, -above.length).includes('.');
}

function draftWith(list: readonly string[]) {
  return {
    installation: null,
    account: null,
    region: null,
    replicas: [],
    breakGlassRole: null,
    kmsKey: null,
    alerts: {
      ...{ expiringDays: [], email: [], hasHeartbeat: true },
      ...{ snsTopic: null, snsTopicKey: null },
    },
    maintenance: null,
    rollout: null,
    places: [],
    discovery: [],
    issuers: new Set<string>(),
    issuerConfigs: new Map(),
    solvers: null,
    concurrency: null,
    retired: { solvers: [], places: [], kmsKeys: [] },
    certificates: [
      {
        id: 'shop',
        entry: 'shop',
        names: list.map((value, at) => ({ at, value })),
        issuers: [],
        key: null,
        owner: null,
        targets: [],
        renewBefore: [],
        maintenance: null,
        rollout: null,
      },
    ],
  };
}
