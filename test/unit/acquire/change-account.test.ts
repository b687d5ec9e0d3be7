import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { s3AccountBook } from '#shared/acquire/account/account-book.ts';
import type { AccountPorts } from '#shared/acquire/account/change-account.ts';
import { accountWishOf, answeredAccount } from '#shared/acquire/account/entrance.ts';
import { CertkeepError } from '#shared/errors.ts';
import { certificatesYaml, configYaml } from '#test/support/config-yaml.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { silentLog } from '#test/support/silent-log.ts';
import { configOf } from '#test/support/synth.ts';

const config = configOf(
  configYaml({
    issuers: `issuers:
  main: {type: acme, directory: https://ca.example.com/directory, termsOfServiceAgreed: true}
  twin: {type: acme, directory: https://ca.example.com/directory, profile: other, termsOfServiceAgreed: true}
  idle: {type: acme, directory: https://idle.example.com/directory, termsOfServiceAgreed: true}`,
    certificates: certificatesYaml({ shop: { issuer: 'main' }, blog: { issuer: 'main' } }),
  }),
);

const asked = { issuer: 'main', id: 'wish-0001', reason: 'yearly' };

/** An account whose key has a number. */
function account(change: Partial<AccountPorts> = {}) {
  const state = { key: 1 as number | null, replaced: 0, deactivated: 0 };
  const objects = fakeObjectStore();
  const ports: AccountPorts = {
    config,
    bookOf: (id) => s3AccountBook(objects, id),
    clock: virtualClock(),
    log: silentLog,
    accountOf: () => ({
      keyInUse: async () => (state.key === null ? null : String(state.key)),
      async replaceKey(from) {
        if (from !== String(state.key)) return String(state.key);
        state.replaced += 1;
        state.key = (state.key ?? 0) + 1;
        return String(state.key);
      },
      async deactivate() {
        state.deactivated += 1;
        state.key = null;
      },
    }),
    ...change,
  };
  return { state, ports };
}

test('a wish is carried out once, however often it is asked for', async () => {
  const { ports, state } = account();
  expect(await answeredAccount(ports, asked, 'roll')).toEqual({ outcome: 'done', key: '2' });
  expect(await answeredAccount(ports, asked, 'roll')).toEqual({ outcome: 'done-before', key: '2' });
  expect(state.replaced).toBe(1);
  const again = { ...asked, id: 'wish-0002' };
  expect(await answeredAccount(ports, again, 'roll')).toEqual({ outcome: 'done', key: '3' });
});

test('a wish whose run has died after the CA did it is not carried out again', async () => {
  const { ports, state } = account();
  const accountOf: AccountPorts['accountOf'] = (name) => ({
    ...ports.accountOf(name),
    async replaceKey(from) {
      await ports.accountOf(name).replaceKey(from);
      throw new Error('killed');
    },
  });
  await expect(answeredAccount({ ...ports, accountOf }, asked, 'roll')).rejects.toThrow('killed');
  expect(await answeredAccount(ports, asked, 'roll')).toEqual({ outcome: 'done', key: '2' });
  expect(state.replaced).toBe(1);
});

test('what may not be done is answered with the reason, and nothing is done', async () => {
  const { ports, state } = account();
  const refusal = async (issuer: string, kind: 'roll' | 'deactivate') => {
    const answer = await answeredAccount(ports, { ...asked, issuer }, kind);
    return 'refused' in answer ? answer.refused : 'done';
  };
  expect(await refusal('mian', 'roll')).toContain('no issuer "mian" (it has main, twin, idle)');
  // They share the account.
  for (const issuer of ['main', 'twin']) {
    expect(await refusal(issuer, 'deactivate')).toBe(
      `Nothing was done: the account of ${issuer} issues for shop, blog.`,
    );
  }
  expect(state).toEqual({ key: 1, replaced: 0, deactivated: 0 });
  expect(await refusal('idle', 'deactivate')).toBe('done');
  expect(state.deactivated).toBe(1);
  const id = 'wish-0002';
  expect(await answeredAccount(ports, { ...asked, id }, 'roll')).toMatchObject({
    refused: 'Nothing was done: main has no account at the CA.',
  });
});

test('a request that is repeated as another one is refused', async () => {
  const { ports, state } = account();
  const idle = { ...asked, issuer: 'idle' };
  await answeredAccount(ports, idle, 'roll');
  expect(await answeredAccount(ports, idle, 'deactivate')).toEqual({
    refused: 'Nothing was done: request wish-0001 was to roll, not to deactivate.',
  });
  expect(state).toMatchObject({ replaced: 1, deactivated: 0 });
});

test('a refusal of the CA is an answer, and what nobody knows fails the run', async () => {
  const failing = (error: Error) => {
    const { ports } = account();
    const accountOf: AccountPorts['accountOf'] = (name) => ({
      ...ports.accountOf(name),
      replaceKey: () => Promise.reject(error),
    });
    return answeredAccount({ ...ports, accountOf }, asked, 'roll');
  };
  const refused = await failing(new CertkeepError('AccountNotChanged', 'the CA replaces no keys'));
  expect(refused).toEqual({ refused: 'Nothing was done: the CA replaces no keys.' });
  const unknown = failing(new CertkeepError('IssuerUnreachable', 'no answer'));
  await expect(unknown).rejects.toMatchObject({ name: 'IssuerUnreachable' });
});

test('only an alias changes an account, and it does nothing else', async () => {
  const arn = 'arn:aws:lambda:us-east-1:123456789012:function:certkeep-issue';
  expect(accountWishOf({ invokedArn: `${arn}:roll` })).toBe('roll');
  expect(accountWishOf({ invokedArn: `${arn}:$LATEST` })).toBeNull();
  expect(accountWishOf({ invokedArn: arn })).toBeNull();
  const { ports, state } = account();
  for (const [payload, kind] of [
    [asked, null],
    [{ certificate: 'shop' }, 'roll'],
  ] as const) {
    expect(await answeredAccount(ports, payload, kind)).toHaveProperty('refused');
  }
  expect(state.replaced).toBe(0);
});
