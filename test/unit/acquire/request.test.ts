import { expect, test } from 'vitest';
import { commandFor, entranceOf, type WishName } from '#shared/check/entrance.ts';
import { answered } from '#shared/check/request.ts';
import { CertkeepError } from '#shared/errors.ts';
import { silentLog } from '#test/support/silent-log.ts';

const ids = ['shop', 'blog', 'storefront'];
const reason = 'the key leaked';
const why = 'why, in a few words';
const shop = { certificates: ['shop'], reason };
const someone = 'arn:aws:sts::123456789012:assumed-role/platform/jo@example.com';
const now = new Date('2026-11-22T03:00:00Z');
const until = '2027-01-05T06:00:00Z';
const noReason = '"reason" is missing: a few words for those who read the record';
const notACaller = '"by" is absent, or one line of at most 200 characters';
const notALine = '"reason" is one line of at most 200 characters';

async function answerTo(
  wish: WishName | null,
  payload: unknown,
  work = async (request: unknown) => ({ request }),
) {
  const asked = { ids, entrance: { functionName: 'certkeep-check', wish }, now };
  return answered<unknown>({ log: silentLog }, payload, asked, work);
}

test.each([
  [null, {}, {}],
  [null, { plan: 30 }, { plan: 30 }],
  ['retry', shop, { ...shop, retry: true }],
  [
    'retry',
    { ...shop, retry: true, certificates: ['shop', 'blog'] },
    { ...shop, retry: true, certificates: ['shop', 'blog'] },
  ],
  ['force', shop, { ...shop, force: true }],
  ['force', { ...shop, force: true }, { ...shop, force: true }],
  ['override', shop, { ...shop, force: true, override: true }],
  ['override', { ...shop, force: true, override: true }, { ...shop, force: true, override: true }],
  ['force', { ...shop, reason: ` ${reason}\n` }, { ...shop, force: true }],
  ['pause', { ...shop, until }, { ...shop, pause: true, until }],
  ['resume', shop, { ...shop, resume: true }],
  ['retry', { ...shop, by: ` ${someone} ` }, { ...shop, by: someone, retry: true }],
  ['force', { ...shop, estimate: true }, { ...shop, estimate: true, force: true }],
  [
    'override',
    { ...shop, estimate: true },
    { ...shop, estimate: true, force: true, override: true },
  ],
  ['pause', { ...shop, until, by: someone }, { ...shop, by: someone, pause: true, until }],
  ['rollback', shop, { ...shop, rollback: true }],
  [
    'rollback',
    { ...shop, until, version: 'v1' },
    { ...shop, rollback: true, until, version: 'v1' },
  ],
  ['rehearse', shop, { ...shop, rehearse: true }],
  ['bar', shop, { ...shop, bar: true }],
  ['revoke', { ...shop, code: 'keyCompromise' }, { ...shop, revoke: true, code: 'keyCompromise' }],
  [
    'revoke',
    { ...shop, code: 'superseded', estimate: true },
    { ...shop, revoke: true, code: 'superseded', estimate: true },
  ],
  ['unbar', { ...shop, version: 'v1' }, { ...shop, unbar: true, version: 'v1' }],
] as const)('asked of %s, this is done: %j', async (wish, payload, request) => {
  expect(await answerTo(wish, payload)).toEqual({ request });
});

test.each([
  [{ ...shop, force: true }, 'force'],
  [{ ...shop, force: true, override: true }, 'override'],
  [{ ...shop, retry: true }, 'retry'],
  [shop, 'retry'],
] as const)(
  'the function itself, which the schedule may start, is not the place for %j',
  async (payload, wish) => {
    expect(await answerTo(null, payload)).toEqual({
      refused: `Nothing was done: "${wish}" is asked of certkeep-check:${wish}.`,
      example: shop,
      command: commandFor('certkeep-check', wish, shop),
    });
  },
);

test.each([
  [
    'retry',
    { ...shop, force: true },
    '"force" is asked of certkeep-check:force, and this is certkeep-check:retry',
    shop,
  ],
  [
    'force',
    { ...shop, override: true },
    '"override" is asked of certkeep-check:override, and this is certkeep-check:force',
    shop,
  ],
  [
    'force',
    {},
    `"certificates" is a list with at least one id; ${noReason}`,
    { ...shop, reason: why },
  ],
  ['force', { certificates: ['shop'] }, noReason, { ...shop, reason: why }],
  ['force', { ...shop, froce: true }, '"froce" is not known (did you mean "force"?)', shop],
  ['force', { ...shop, certificates: [] }, '"certificates" is a list with at least one id', shop],
  [
    'force',
    { ...shop, certificates: 'shop' },
    '"certificates" is a list with at least one id',
    shop,
  ],
  [
    'force',
    { ...shop, certificates: ['storefrnt'] },
    '"storefrnt" is not in the configuration (did you mean "storefront"?)',
    { ...shop, certificates: ['storefront'] },
  ],
  [
    'force',
    { ...shop, certificates: ['shpo'] },
    '"shpo" is not in the configuration (which has shop, blog, storefront)',
    shop,
  ],
  ['force', { ...shop, force: 'yes' }, '"force" is true or absent', shop],
  [
    'force',
    { ...shop, reason: 'x\n\nWhat to do: sign in at https://evil.example' },
    notALine,
    { ...shop, reason: why },
  ],
  ['force', { ...shop, reason: 'x'.repeat(201) }, notALine, { ...shop, reason: why }],
  ['force', { ...shop, reason: 'a\u202eb' }, notALine, { ...shop, reason: why }],
  ['force', { ...shop, reason: 'a\u3164b' }, notALine, { ...shop, reason: why }],
  ['force', { ...shop, by: 'a\nb' }, notACaller, shop],
  ['force', { ...shop, by: 'x'.repeat(201) }, notACaller, shop],
  ['force', { ...shop, by: 'a\u202eb' }, notACaller, shop],
  ['force', { ...shop, by: ' ' }, notACaller, shop],
  ['force', { ...shop, by: null }, notACaller, shop],
  [
    'retry',
    { ...shop, estimate: true },
    '"estimate" is asked of certkeep-check:force, certkeep-check:override or certkeep-check:revoke',
    shop,
  ],
  ['force', { ...shop, estimate: 'yes' }, '"estimate" is true or absent', shop],
  ['force', 'shop', 'the payload is no JSON object', { ...shop, reason: why }],
  ['force', { plan: 30 }, '"plan" is asked of certkeep-check, without an alias', { plan: 30 }],
  [null, { plan: 0 }, '"plan" is a whole number of days from 1 to 400', { plan: 30 }],
  [null, { plan: '30' }, '"plan" is a whole number of days from 1 to 400', { plan: 30 }],
  [null, { ...shop, plan: 30 }, '"plan" stands alone, without certificates, reason', { plan: 30 }],
  [
    'force',
    { certificate: 'shop', reasn: 'x' },
    `"certificate" is not known (did you mean "certificates"?); "reasn" is not known (did you mean "reason"?); "certificates" is a list with at least one id; ${noReason}`,
    { ...shop, reason: why },
  ],
] as const)(
  'asked of %s, every mistake is answered, with what would do: %j',
  async (wish, payload, mistakes, example) => {
    const answer = await answerTo(wish, payload);
    const right = 'plan' in example ? null : wish;
    expect(answer).toEqual({
      refused: `Nothing was done: ${mistakes}.`,
      example,
      command: commandFor('certkeep-check', right, example),
    });
    // What is told to be right is right.
    expect(await answerTo(right, example)).toHaveProperty('request');
  },
);

test('of many certificates ten are named', async () => {
  const many = Array.from({ length: 300 }, (_, index) => `c${index}`);
  const entrance = { functionName: 'certkeep-check', wish: 'force' } as const;
  const asked = { ids: many, entrance, now };
  const payload = { ...shop, certificates: ['nowhere-near'] };
  const answer = await answered<unknown>({ log: silentLog }, payload, asked, async () => null);
  expect(answer).toMatchObject({ refused: expect.stringContaining('c9, and 290 others') });
});

test.each([
  ['ForceTooCostly', 'force', 'override'],
  ['OverrideUsedUp', 'override', 'force'],
  ['VersionNotUsable', 'rollback', 'force'],
  ['VersionNotUsable', 'bar', 'bar'],
  ['NoRehearsal', 'rehearse', 'rehearse'],
] as const)(
  '%s is an answer with the command for %s instead, and any other failure fails the run',
  async (name, wish, instead) => {
    const failing = (error: Error) => answerTo(wish, shop, () => Promise.reject(error));
    expect(await failing(new CertkeepError(name, 'the last one'))).toEqual({
      refused: 'Nothing was done: the last one.',
      example: shop,
      command: commandFor('certkeep-check', instead, shop),
    });
    await expect(failing(new Error('no bucket'))).rejects.toThrow('no bucket');
  },
);

test.each([
  ['arn:aws:lambda:us-east-1:123456789012:function:certs-check', 'certs-check', null],
  [
    'arn:aws-cn:lambda:cn-north-1:123456789012:function:certs-check:override',
    'certs-check',
    'override',
  ],
  ['arn:aws:lambda:us-east-1:123456789012:function:certs-check:$LATEST', 'certs-check', null],
  ['arn:aws:lambda:us-east-1:123456789012:function:certs-check:other', 'certs-check', null],
])('%s is %s, asked for %s', (invokedArn, functionName, wish) => {
  expect(entranceOf({ invokedArn })).toEqual({ functionName, wish });
});

test('a command survives a shell', () => {
  expect(commandFor('certkeep-check', 'force', { ...shop, reason: "the key's owner left" })).toBe(
    `echo '{"certificates":["shop"],"reason":"the key'\\''s owner left"}' | aws lambda invoke --function-name certkeep-check:force --payload fileb:///dev/stdin answer.json`,
  );
});

const within = 'from now until 2027-02-20T03:00:00.000Z';
const untilIs = `"until" is a time in UTC, such as 2026-11-29T03:00:00.000Z, ${within}`;

test.each([
  ['is missing', undefined],
  ['has no time of day', '2027-01-05'],
  ['has no zone', '2027-01-05T06:00:00'],
  ['is of no day', '2027-13-05T06:00:00Z'],
  ['has passed', '2026-11-22T03:00:00Z'],
  ['is too far away', '2027-02-20T03:00:01Z'],
  ['is no text', 5],
])('a pause whose end %s is refused, with an end that would do', async (_, given) => {
  const example = { ...shop, until: '2026-11-29T03:00:00.000Z' };
  const payload = given === undefined ? shop : { ...shop, until: given };
  expect(await answerTo('pause', payload)).toEqual({
    refused: `Nothing was done: ${untilIs}.`,
    example,
    command: commandFor('certkeep-check', 'pause', example),
  });
  expect(await answerTo('pause', example)).toHaveProperty('request');
});

test('an end is kept in the example, and belongs to a pause or a rollback', async () => {
  expect(await answerTo('pause', { certificates: ['shop'], until })).toMatchObject({
    refused: `Nothing was done: ${noReason}.`,
    example: { certificates: ['shop'], until },
  });
  expect(await answerTo('retry', { ...shop, until })).toMatchObject({
    refused:
      'Nothing was done: "until" is asked of certkeep-check:pause and certkeep-check:rollback.',
  });
  expect(await answerTo(null, { ...shop, until })).toMatchObject({
    command: commandFor('certkeep-check', 'pause', { ...shop, until }),
  });
  expect(await answerTo('rollback', { ...shop, until: '2099-01-01T00:00:00Z' })).toMatchObject({
    example: { ...shop, until: expect.any(String) },
  });
});
