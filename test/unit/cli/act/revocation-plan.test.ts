import { describe, expect, test } from 'vitest';
import { assertCanAsk, codeFrom } from '#cli/act/questions.ts';
import { type Revocation, revocationPlan } from '#cli/act/revoke/plan.ts';
import { healthy, versionOf } from '#test/support/healthy.ts';

const revocation: Revocation = {
  ...{ id: 'shop', code: 'keyCompromise', version: undefined, targets: 2 },
  record: healthy({ versions: [versionOf({ serial: '0AFF' })] }),
  takes: ['1 of 300 orders (299 left, one more every 36 seconds)'],
};

const planned = (change: Partial<Revocation> = {}) =>
  revocationPlan({ ...revocation, ...change }, 80).join('\n');

describe('before a revocation', () => {
  test('it says in its order what will happen, what it takes, and what clients see', () => {
    expect(planned()).toBe(`\
This cannot be undone. certkeep will, in this order:
  1. Have a new certificate, with a new key, issued for shop. It takes:
       1 of 300 orders (299 left, one more every 36 seconds)
  2. Bind it at its 2 targets, and wait for the proof that clients get it there:
     as a rule minutes, six hours for an endpoint that cannot be asked.
  3. Then have the CA revoke 0AFF, valid until 2027-02-10 (keyCompromise).
Clients get the old certificate until the new one is served, and see no gap.
Those that check revocation refuse the old one after that, wherever it is still
used.`);
  });

  test('it says what comes without targets', () => {
    expect(planned({ targets: 0 })).toContain(`
  2. Store it, and give the servers that read the secret six hours to fetch it:
     it has no targets.
`);
  });

  test('it says that nothing new comes where the version is not in service', () => {
    expect(planned({ version: '0B', takes: null })).toBe(`\
This cannot be undone: the CA revokes 0B of shop.
Nothing new is issued: another certificate, with another key, is in service.
Clients that check revocation refuse the revoked one wherever it is still used.`);
  });

  test('it says what it can to somebody who may not read the record', () => {
    expect(planned({ record: null, targets: null, takes: [] })).toMatch(
      / issued for shop\. It takes nothing\n {5}of a limit .* Bind it at its targets, .* revoke the one in service \(keyCompromise\)\./s,
    );
  });
});

describe('what the CA is told', () => {
  const gone = { isThere: false, ask: () => Promise.resolve(null) };
  const says = (answer: string | null) => ({ isThere: true, ask: async () => answer });
  const next = (code: string) => `--code ${code}`;

  test('is what was given, or what a person answers', async () => {
    expect(await codeFrom('superseded', gone, next)).toBe('superseded');
    expect(await codeFrom(undefined, says(' keyCompromise '), next)).toBe('keyCompromise');
  });

  test.each([
    [gone, /^Nothing was done: --code is missing: one of unspecified, keyCompromise, /],
    [says(null), /^Nothing was done: --code is missing/],
    [says('leak'), /^Nothing was done: "leak" is not one of unspecified, keyCompromise, /],
  ])('is missing otherwise', async (person, message) => {
    await expect(codeFrom(undefined, person, next)).rejects.toMatchObject({
      ...{ message: expect.stringMatching(message), next: '--code keyCompromise' },
    });
  });

  test('nobody goes on who cannot be asked', () => {
    expect(() => assertCanAsk(gone, '--yes')).toThrow(expect.objectContaining({ next: '--yes' }));
    expect(() => assertCanAsk(says(''), '--yes')).not.toThrow();
  });
});
