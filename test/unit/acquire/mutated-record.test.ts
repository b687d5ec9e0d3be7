import { createHash } from 'node:crypto';
import { hashOf, randomOf } from 'local-cloud/kit/determinism.ts';
import { expect, test } from 'vitest';
import { createCsr, createKey } from '#shared/x509/csr.ts';
import { isFull } from '#test/support/full.ts';
import { mutatedRecord, type Wishes } from '#test/support/mutated-record.ts';
import { mutatedStage, theirs } from '#test/support/mutated-stage.ts';

/** 200 in CI, 20,000 by hand: `npm run mutations`. */
const count = Number(process.env.MUTATIONS ?? (isFull ? 200 : 20));
const group = 20;

const csr = createCsr(createKey('ecdsa-p256'), ['example.com']);
const keyAuthorization = `token.${'thief'.padEnd(43, '0')}`;
const digest = createHash('sha256').update(keyAuthorization).digest('base64url');

const wishes: Wishes = {
  csr: [csr],
  orderUrl: ['https://ca.example/order/1', 'https://evil.example/order/1'],
  keyAuthorization: [keyAuthorization],
  value: [digest, ...theirs.map(({ value }) => value)],
  name: theirs.map(({ name }) => name),
  zoneId: ['zone-example.com'],
  solver: ['fake'],
  issuer: ['local'],
  names: ['example.com', 'mail.example.com'],
  desired: ['none'],
};

async function wrongWith(seed: number): Promise<readonly string[]> {
  const stage = mutatedStage();
  await stage.begin();
  const random = randomOf(hashOf(`mutation ${seed}`));
  const before =
    seed % 4 === 0
      ? await stage.record()
      : await stage.everything({ value: digest, keyAuthorization });
  const { changes, record } = mutatedRecord(before, { random, wishes, turn: seed });
  await stage.write(record);
  await stage.live();
  const found = [
    stage.finalized.some(({ publicKey }) => !stage.ours.has(publicKey)) && 'a foreign key',
    stage.finalized.some(({ names }) => names.join() !== 'example.com') && 'foreign names',
    stage.published.has(digest) && 'a value of others published',
    theirs.some(({ name, value }) => !stage.values().includes(`${name}=${value}`)) &&
      'a value of others removed',
    stage.finalized.length > 12 && 'orders without end',
    !(await stage.isServed()) && 'not renewed',
  ].filter(Boolean);
  return found.length > 0 ? [`${seed}: ${found.join(', ')}: ${changes.join('; ')}`] : [];
}

test.each(Array.from({ length: Math.ceil(count / group) }, (_, at) => at * group))(
  'a record that somebody changed leads to nothing for them, and silences nothing: from seed %s',
  async (first) => {
    const wrong: string[] = [];
    for (let seed = first; seed < first + group; seed += 1) wrong.push(...(await wrongWith(seed)));
    expect(wrong).toEqual([]);
  },
  300_000,
);
