import { randomOf } from 'local-cloud/kit/determinism.ts';
import { type RevocationList, readRevocationList } from '#shared/crl/list.ts';
import { mostListMiB, usualListMiB } from '#shared/crl/list-size.ts';
import { element, tags } from '#shared/x509/der.ts';
import { entry, listSigner, now, signedList, tbsOf, url } from '../crl.ts';
import type { Fuzz } from '../fuzz.ts';
import { mutated, noise } from '../mutate.ts';
import { outcomeOf } from '../outcome.ts';

const serials = Array.from({ length: 20 }, (_, n) => Buffer.of(0x04, 0xa1, n));

/** It is read, and asked for one of its serials and for another one. */
function looked(list: RevocationList): string {
  return outcomeOf(
    () => [list.find('04A103'), list.find('7F')],
    ([found]) => (found ? 'read, names it' : 'read'),
  );
}

/** A CA says anything: what it signs is a list with some bytes changed. */
export const signedRevocationLists: Fuzz = {
  name: 'crl-signed',
  usual: 50_000,
  fixed: 400,
  async start() {
    const { issuerPem, key } = await listSigner();
    const tbs = tbsOf(Buffer.concat(serials.map(entry)));
    return (random) => {
      const der = signedList(mutated(tbs, random), key);
      return outcomeOf(() => readRevocationList(der, { url, issuerPem, now }), looked);
    };
  },
};

/** Somebody on the way changes what a CA has signed. */
export const changedRevocationLists: Fuzz = {
  name: 'crl-changed',
  usual: 50_000,
  fixed: 400,
  async start() {
    const { issuerPem, key } = await listSigner();
    const der = signedList(tbsOf(Buffer.concat(serials.map(entry))), key);
    return (random) => {
      const changed = mutated(der, random);
      if (changed.equals(der)) return 'the same';
      return outcomeOf(
        () => readRevocationList(changed, { url, issuerPem, now }),
        () => {
          throw new Error('a changed list is believed');
        },
      );
    };
  },
};

/** Elements of no length: an object of each is a hundred times as large as they are. */
function bomb(mib: number): Buffer {
  return Buffer.alloc(mib << 20, Buffer.from('0500', 'hex'));
}

function manyEntries(mib: number): Buffer {
  const one = entry(Buffer.from('04a1b2c3d4e5f60718293a4b5c6d7e8f9001', 'hex'));
  return Buffer.alloc(Math.floor((mib << 20) / one.length) * one.length, one);
}

/** As large as a list may be by default, of what takes most, before its signature and behind it. */
export const largeRevocationLists: Fuzz = {
  name: 'crl-sizes',
  usual: 60,
  fixed: 12,
  isLarge: true,
  async start() {
    const { issuerPem, key } = await listSigner();
    const kinds: readonly (readonly [name: string, make: (mib: number) => Buffer])[] = [
      ['unsigned elements', (mib) => element(tags.sequence, bomb(mib))],
      ['unsigned bytes', (mib) => Buffer.alloc(mib << 20, noise(randomOf(mib), 4_096))],
      ['signed elements', (mib) => signedList(element(tags.sequence, bomb(mib)), key)],
      ['signed elements as entries', (mib) => signedList(tbsOf(bomb(mib)), key)],
      [
        'signed elements as extensions',
        (mib) => signedList(tbsOf(new Uint8Array(), element(0xa0, element(0x30, bomb(mib)))), key),
      ],
      ['signed entries', (mib) => signedList(tbsOf(manyEntries(mib)), key)],
    ];
    const lists = [usualListMiB, mostListMiB].flatMap((mib) =>
      kinds.map(([name, make]) => ({ name: `${mib} MiB of ${name}`, der: make(mib) })),
    );
    return (_, nth) => {
      const { name, der } = lists[nth % lists.length] as (typeof lists)[number];
      const outcome = outcomeOf(() => readRevocationList(der, { url, issuerPem, now }), looked);
      return `${name}: ${outcome}`;
    };
  },
};
