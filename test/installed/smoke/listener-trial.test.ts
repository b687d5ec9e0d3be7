import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import type { Listener } from '#scripts/smoke/account.ts';
import { tryListener } from '#scripts/smoke/listener-trial.ts';

const wish = { listener: 'a listener', zone: 'example.com' };

/** A listener whose load balancer does as it likes when the default changes. */
function listenerThat(onDefault: (before: Listener, arn: string) => Listener) {
  let state: Listener = { protocol: 'HTTPS', defaultArn: 'own', listed: ['other'] };
  return {
    state: () => state,
    account: {
      listener: async () => state,
      async setDefault(_: string, arn: string) {
        state = onDefault(state, arn);
      },
      async removeListed(_: string, arn: string) {
        state = { ...state, listed: state.listed.filter((each) => each !== arn) };
      },
      importCertificate: async () => 'smoke',
      taggedWith: async () => [],
      deleteCertificate: async () => 'deleted' as const,
    },
  };
}

test('a load balancer that leaves the list alone is as certkeep expects it', async () => {
  const { account, state } = listenerThat((before, defaultArn) => ({ ...before, defaultArn }));
  expect(await tryListener(account, wish, virtualClock())).toMatchObject({ result: 'ok' });
  expect(state()).toMatchObject({ defaultArn: 'own', listed: ['other'] });
});

test('one that puts the former default into the list is told, and has its list again', async () => {
  const { account, state } = listenerThat((before, defaultArn) => ({
    ...before,
    defaultArn,
    listed: [...new Set([...before.listed, before.defaultArn ?? ''])],
  }));
  const finding = await tryListener(account, wish, virtualClock());
  expect(finding).toMatchObject({
    result: 'failed',
    saw: expect.stringContaining('was not in the list and is after'),
    todo: expect.stringContaining('report it'),
  });
  expect(state()).toMatchObject({ defaultArn: 'own', listed: ['other'] });
});

test('one that cannot be put back is told with what it was', async () => {
  const { account } = listenerThat((before, arn) => ({
    ...before,
    defaultArn: arn === 'own' ? 'x' : arn,
  }));
  expect(await tryListener(account, wish, virtualClock())).toMatchObject({
    result: 'failed',
    todo: 'Put the listener back: its default was own, its list other.',
  });
});
