import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Issuer } from '#shared/issuers/issuer.ts';
import type { IssuerDeps } from '#shared/issuers/issuer-plugin.ts';
import { accountKeys } from '#test/support/account-keys.ts';
import { type AcmeLab, acmeLab } from '#test/support/acme-lab.ts';
import { isMortal } from '#test/support/mortal-issuer.ts';

let lab: AcmeLab;
let keys: ReturnType<typeof accountKeys>;
beforeEach(async () => {
  lab = await acmeLab();
  keys = accountKeys();
});
afterEach(() => lab.close());

function process(keyStore: IssuerDeps['keyStore'] = keys): Issuer {
  return lab.issuer({ deps: { keyStore } });
}

async function keyOf(issuer: Issuer): Promise<string> {
  return (await issuer.account.keyInUse()) ?? expect.unreachable('there is no account');
}

function order(issuer: Issuer) {
  return issuer.newOrder(['www.example.com']);
}

const accounts = () => lab.ca.ledger().accounts.map(({ status }) => status);

describe('a new key', () => {
  test('belongs to the same account, and a process that has the old one goes on', async () => {
    const warm = process();
    const { url } = await order(warm);
    const { accountUrl } = await warm.about();
    const before = await keyOf(warm);
    const after = await process().account.replaceKey(before);
    expect(after).not.toBe(before);
    // Its first request is refused, and repeated with the new key.
    expect(await warm.order(url)).toMatchObject({ url, status: 'pending' });
    expect(await warm.about()).toMatchObject({ accountUrl, keyThumbprint: after });
    expect(await process().order(url)).toMatchObject({ url });
    expect(await process().about()).toMatchObject({ accountUrl, keyThumbprint: after });
    expect(accounts()).toEqual(['valid']);
  });

  test('replaces the one that was meant, and no other', async () => {
    await order(process());
    const first = await keyOf(process());
    const second = await process().account.replaceKey(first);
    expect(await process().account.replaceKey(first)).toBe(second);
    const third = await process().account.replaceKey(second);
    expect(new Set([first, second, third]).size).toBe(3);
    expect(keys.successors()).toBe(2);
    expect(accounts()).toEqual(['valid']);
  });

  test('is one, although two processes replace the old one at once', async () => {
    await order(process());
    const before = await keyOf(process());
    const both = [process(), process()].map((each) => each.account.replaceKey(before));
    const [one, other] = await Promise.all(both);
    expect(one).toBe(other);
    expect(await keyOf(process())).toBe(one);
    expect(keys.successors()).toBe(1);
  });

  test('is found by a process that is shown the old one for a while', async () => {
    await order(process());
    const before = await keyOf(process());
    const stale = await keys.accountKey(keys.names()[0] ?? '', () => expect.unreachable());
    const after = await process().account.replaceKey(before);
    const late = process({ ...keys, accountKey: async () => stale });
    await order(late);
    expect((await late.about()).keyThumbprint).toBe(after);
    expect(accounts()).toEqual(['valid']);
  });

  test('proves nothing with a value that was published for the old one', async () => {
    const warm = process();
    const { authorizationUrls } = await order(warm);
    const { challenges } = await warm.authorization(authorizationUrls[0] ?? '');
    const [challenge] = challenges;
    if (!challenge) return expect.unreachable('there is no challenge');
    await process().account.replaceKey(await keyOf(process()));
    const answer = warm.answer(challenge.url, challenge.keyAuthorization);
    await expect(answer).rejects.toMatchObject({ name: 'AccountKeyChanged' });
    const again = await warm.authorization(authorizationUrls[0] ?? '');
    expect(again.challenges.map(({ status }) => status)).not.toContain('processing');
    const anew = again.challenges.find(({ url }) => url === challenge.url);
    await warm.answer(challenge.url, anew?.keyAuthorization ?? '');
  });

  test('is not made where the CA refuses it, and the account goes on with the old one', async () => {
    await order(process());
    const before = await keyOf(process());
    lab.faults.add({
      when: ({ operation }) => operation === 'keyChange',
      fault: { do: 'refuse', code: 'unauthorized', status: 403 },
      times: 2,
    });
    const refused = process().account.replaceKey(before);
    await expect(refused).rejects.toMatchObject({ name: 'AccountNotChanged' });
    expect(await keyOf(process())).toBe(before);
    await order(process());
    lab.faults.clear();
    expect(await process().account.replaceKey(before)).not.toBe(before);
    // The one that was stored for the first try.
    expect(keys.successors()).toBe(1);
    expect(accounts()).toEqual(['valid']);
  });
});

/** What each call of a run leaves behind where the run dies at it. */
async function dying(
  work: (issuer: Issuer, before: string) => Promise<unknown>,
  afterwards: (warm: Issuer, before: string) => Promise<void>,
): Promise<number> {
  for (let at = 0; ; at += 1) {
    for (const when of ['before', 'after'] as const) {
      await lab.close();
      lab = await acmeLab();
      keys = accountKeys();
      const warm = process();
      await order(warm);
      const before = await keyOf(warm);
      const mortal = isMortal(lab.faults, keys, { at, when });
      const lived = await work(process(mortal.keyStore), before).then(
        () => true,
        () => false,
      );
      lab.faults.clear();
      if (!mortal.isDead()) return at;
      expect({ at, when, lived }).toEqual({ at, when, lived: false });
      await afterwards(warm, before);
    }
  }
}

test('a run that dies while it replaces the key, at whatever call, locks nobody out', async () => {
  const calls = await dying(
    (issuer, before) => issuer.account.replaceKey(before),
    async (warm, before) => {
      await Promise.all([order(warm), order(process())]);
      const after = await process().account.replaceKey(before);
      expect(await keyOf(process())).toBe(after);
      await Promise.all([order(warm), order(process())]);
      expect(after).not.toBe(before);
      expect(keys.successors()).toBe(1);
      expect(accounts()).toEqual(['valid']);
    },
  );
  expect(calls).toBeGreaterThan(7);
});

test('where there is no account, none is made, and no key', async () => {
  expect(await process().account.keyInUse()).toBeNull();
  await process().account.deactivate();
  const replaced = process().account.replaceKey('a thumbprint');
  await expect(replaced).rejects.toMatchObject({ name: 'AccountNotChanged' });
  expect([keys.names(), accounts()]).toEqual([[], []]);
});

describe('an account that is deactivated', () => {
  test('is never used again: the next order makes another one, with another key', async () => {
    const warm = process();
    await order(warm);
    const before = await keyOf(warm);
    await process().account.deactivate();
    expect(accounts()).toEqual(['deactivated']);
    expect(await process().account.keyInUse()).toBeNull();
    await process().account.deactivate();
    await order(warm);
    await order(process());
    expect(accounts()).toEqual(['deactivated', 'valid']);
    expect(await keyOf(process())).not.toBe(before);
  });

  test('is deactivated by the next request, where a run dies at whatever call', async () => {
    const calls = await dying(
      (issuer) => issuer.account.deactivate(),
      async (_, before) => {
        await process().account.deactivate();
        expect(accounts()).toEqual(['deactivated']);
        await order(process());
        expect(accounts()).toEqual(['deactivated', 'valid']);
        expect(await keyOf(process())).not.toBe(before);
      },
    );
    expect(calls).toBeGreaterThan(7);
  });
});

/** Says neither that there is an account nor that there is none. */
const unclear = { do: 'refuse', code: 'userActionRequired', status: 403 } as const;

describe('where the CA says something else than that there is no account', () => {
  test('an account is not said to have ended', async () => {
    await order(process());
    lab.faults.add({
      when: ({ operation }) => operation === 'newAccount',
      fault: unclear,
      times: 5,
    });
    await expect(process().account.deactivate()).rejects.toThrow(/userActionRequired/);
    expect(accounts()).toEqual(['valid']);
  });

  test('nor where the CA refused to end it', async () => {
    await order(process());
    let isAsked = false;
    lab.faults.add({
      when({ operation }) {
        isAsked ||= operation === 'account';
        return isAsked;
      },
      fault: unclear,
      times: 5,
    });
    await expect(process().account.deactivate()).rejects.toThrow(/userActionRequired/);
    expect(isAsked).toBe(true);
    expect(accounts()).toEqual(['valid']);
  });

  test('a key with a successor keeps its account', async () => {
    const first = process();
    await order(first);
    const { accountUrl } = await first.about();
    const before = await keyOf(process());
    lab.faults.add({
      when: ({ operation }) => operation === 'keyChange',
      fault: { do: 'refuse', code: 'unauthorized', status: 403 },
      times: 2,
    });
    await expect(process().account.replaceKey(before)).rejects.toThrow();
    lab.faults.clear();
    lab.faults.add({
      when: ({ operation }) => operation === 'newAccount',
      fault: unclear,
      times: 3,
    });
    await expect(order(process())).rejects.toThrow();
    lab.faults.clear();
    const later = process();
    await order(later);
    expect(await later.about()).toMatchObject({ accountUrl });
    expect(accounts()).toEqual(['valid']);
  });
});

test('a process that begins while the key is replaced makes no second account', async () => {
  const first = process();
  await order(first);
  const { accountUrl } = await first.about();
  const before = await keyOf(process());
  let replaced = false;
  const slow = process({
    ...keys,
    // It has read the old key, and no successor, when another one replaces it.
    async nextAccountKey(name, thumbprint) {
      const next = await keys.nextAccountKey(name, thumbprint);
      if (replaced) return next;
      replaced = true;
      await process().account.replaceKey(before);
      return next;
    },
  });
  await order(slow);
  expect(await slow.about()).toMatchObject({ accountUrl });
  expect(accounts()).toEqual(['valid']);
});
