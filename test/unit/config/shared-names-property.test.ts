import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rivalsIn } from '#shared/deploy/choice/rivals.ts';
import { serverNames } from '#shared/deploy/probe/ask.ts';
import { familyOf, type KeyAlgorithm } from '#shared/key-algorithm.ts';
import type { Position } from '#shared/targets/target.ts';
import { runs } from '#test/support/full.ts';
import { type BoundYaml, warningsAtOneListener, wild } from '#test/support/shared-listener.ts';

test('the certificates of a group of very many are each told of, with a few of the others', () => {
  const bound = Array.from({ length: 300 }, (_, n): BoundYaml => [`c${n}`, 'a.example.com', 'sni']);
  const warnings = warningsAtOneListener(...bound).filter(({ path }) => path !== 'certificates');
  const told = new Set(warnings.flatMap(({ message }) => message.match(/\bc\d+\b/g) ?? []));
  expect(told.size).toBe(300);
  expect(warnings.length).toBeLessThan(300 * 5);
});

const anyBound = fc
  .uniqueArray(
    fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      names: fc.uniqueArray(
        fc.constantFrom('x.example.com', 'y.example.com', 'example.com', '"*.example.com"'),
        { minLength: 1, maxLength: 2 },
      ),
      position: fc.constantFrom<Position>('sni', 'sni', 'sni', 'default', 'both'),
      key: fc.constantFrom<KeyAlgorithm>('ecdsa-p256', 'ecdsa-p384', 'rsa-2048', 'rsa-4096'),
    }),
    { selector: ({ id }) => id, minLength: 2 },
  )
  .filter((all) => all.filter(({ position }) => position !== 'sni').length <= 1)
  .filter((all) => all.every(({ names }) => isOneWildcardAlone(names)));

/** A name beside the wildcard that covers it is refused. */
function isOneWildcardAlone(names: readonly string[]): boolean {
  return !names.includes(wild) || names.every((name) => name === wild || name === 'example.com');
}

test('a certificate is told of where a look at the whole listener finds a name that it does not surely answer for', () => {
  fc.assert(
    fc.property(anyBound, (all) => {
      const held = all.map(({ id, names, key, position }) => ({
        position,
        certificate: {
          arn: id,
          names: names.map((name) => name.replaceAll('"', '')),
          keyFamily: familyOf(key),
          keyBits: Number(key.replace(/\D+(256|384)?/, '$1')),
          ...{ hashBits: 256, notBefore: new Date(0), notAfter: new Date(9) },
        },
      }));
      const holdings = {
        default: held.find(({ position }) => position !== 'sni')?.certificate ?? null,
        list: held
          .filter(({ position }) => position !== 'default')
          .map(({ certificate }) => certificate),
      };
      const beaten = held.flatMap(({ certificate: { arn, names, keyFamily: family } }) => {
        const asking = { kind: 'alb', arn, names: serverNames(names), family } as const;
        const rivals = rivalsIn(holdings, { ...asking, now: new Date(1) });
        return rivals.flatMap(({ arns }) => arns.map((other) => [arn, other].toSorted().join()));
      });
      const warnings = warningsAtOneListener(
        ...all.map(({ id, names, position, key }): BoundYaml => [id, names.join(), position, key]),
      );
      const pairs = warnings.map(({ path, message }) => {
        const of = path.charAt('certificates.'.length);
        const by = /or by (\w):|: (\w) has it|and for (\w) in/
          .exec(message)
          ?.slice(1)
          .find(Boolean);
        return [of, by].toSorted().join();
      });
      expect(pairs.toSorted()).toEqual([...new Set(beaten)].toSorted());
    }),
    { numRuns: runs(5_000) },
  );
});
