import { expect, test } from 'vitest';
import { answered } from '#shared/acquire/request.ts';
import { CertkeepError } from '#shared/errors.ts';
import { silentLog } from '#test/support/silent-log.ts';

const ids = ['shop', 'blog', 'storefront'];
const reason = 'the key leaked';
const why = 'why, in a few words';
const shop = { certificates: ['shop'], force: true, reason };

async function answerTo(payload: unknown) {
  return answered<unknown>({ log: silentLog }, payload, ids, async (request) => ({ request }));
}

test.each([
  {},
  shop,
  { ...shop, override: true },
  { certificates: ['shop', 'blog'], retry: true, reason },
  { plan: 30 },
])('is done as it is: %j', async (payload) => {
  expect(await answerTo(payload)).toEqual({ request: payload });
});

test.each([
  [
    { certificates: ['shop'], force: true },
    '"reason" is missing: a few words for those who read the record',
    { ...shop, reason: why },
  ],
  [
    { certificates: ['shop'], froce: true, reason },
    '"froce" is not known (did you mean "force"?); "retry" or "force" is missing: say which',
    { certificates: ['shop'], retry: true, reason },
  ],
  [{ ...shop, certificates: [] }, '"certificates" is a list with at least one id', shop],
  [{ ...shop, certificates: 'shop' }, '"certificates" is a list with at least one id', shop],
  [
    { ...shop, certificates: ['storefrnt'] },
    '"storefrnt" is not in the configuration (did you mean "storefront"?)',
    { ...shop, certificates: ['storefront'] },
  ],
  [
    { ...shop, certificates: ['shpo'] },
    '"shpo" is not in the configuration (which has shop, blog, storefront)',
    shop,
  ],
  [{ ...shop, retry: true }, '"force" and "retry" exclude each other', shop],
  [
    { certificates: ['blog'], retry: true, override: true, reason },
    '"override" belongs to "force"',
    { certificates: ['blog'], retry: true, reason },
  ],
  [{ ...shop, force: 'yes' }, '"force" is true or absent', shop],
  [{ plan: 0 }, '"plan" is a whole number of days from 1 to 400', { plan: 30 }],
  [{ plan: '30' }, '"plan" is a whole number of days from 1 to 400', { plan: 30 }],
  [{ ...shop, plan: 30 }, '"plan" stands alone, without certificates, force, reason', { plan: 30 }],
  [
    'shop',
    'the payload is no JSON object',
    { ...shop, force: undefined, retry: true, reason: why },
  ],
  [
    { certificate: 'shop', force: true, reasn: 'x' },
    '"certificate" is not known (did you mean "certificates"?); "reasn" is not known (did you mean "reason"?); "certificates" is a list with at least one id; "reason" is missing: a few words for those who read the record',
    { ...shop, reason: why },
  ],
])('is answered with every mistake and an example: %j', async (payload, mistakes, example) => {
  const answer = await answerTo(payload);
  expect(answer).toEqual({ refused: `Nothing was done: ${mistakes}.`, example });
  // What is told to be right is right.
  expect(await answerTo(JSON.parse(JSON.stringify(example)))).toHaveProperty('request');
});

test('of many certificates ten are named', async () => {
  const many = Array.from({ length: 300 }, (_, index) => `c${index}`);
  const answer = await answered<unknown>(
    { log: silentLog },
    { ...shop, certificates: ['nowhere-near'] },
    many,
    async () => null,
  );
  expect(answer).toMatchObject({ refused: expect.stringContaining('c9, and 290 others') });
});

test('what costs too much is an answer, and any other failure fails the run', async () => {
  const failing = (error: Error) =>
    answered<unknown>({ log: silentLog }, shop, ids, () => Promise.reject(error));
  expect(await failing(new CertkeepError('ForceTooCostly', 'the last one'))).toEqual({
    refused: 'Nothing was done: the last one.',
    example: { ...shop, override: true },
  });
  await expect(failing(new Error('no bucket'))).rejects.toThrow('no bucket');
});
