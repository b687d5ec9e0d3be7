import { afterEach, describe, expect, test } from 'vitest';
import { accountKeys } from '#test/support/account-keys.ts';
import { type AcmeLab, acmeLab } from '#test/support/acme-lab.ts';
import { logInto } from '#test/support/issuer-deps.ts';
import { refusing } from '#test/support/two-cas.ts';

let lab: AcmeLab;
afterEach(() => lab.close());

const old = ['mailto:old@example.com'];
const fresh = ['mailto:new@example.com'];

async function accountWith(contact: string[]) {
  lab = await acmeLab();
  const keyStore = accountKeys();
  const lines: string[] = [];
  const order = (wanted: string[]) =>
    lab
      .issuer({ contact: wanted, deps: { keyStore, log: logInto(lines) } })
      .newOrder(['www.example.com']);
  await order(contact);
  return { lines, order };
}

function updates(): readonly unknown[] {
  return lab.faults.calls
    .filter(({ operation }) => operation === 'account')
    .map(({ input }) => input);
}

describe('a contact that has changed', () => {
  test('is sent to the account, once for all runs', async () => {
    const { order, lines } = await accountWith(old);
    await order(fresh);
    await order(fresh);
    expect(updates()).toEqual([{ contact: fresh }]);
    expect(lab.ca.ledger().accounts).toMatchObject([{ contact: fresh }]);
    expect(lines).toContain('contact of the account changed: mailto:new@example.com');
  });

  test('in the case of its letters or its order alone is the same', async () => {
    const { order } = await accountWith([...old, ...fresh]);
    await order(['mailto:NEW@example.com', ...old]);
    expect(updates()).toEqual([]);
  });

  test('and is left out now leaves the account as it is', async () => {
    const { order } = await accountWith(old);
    await order([]);
    expect(updates()).toEqual([]);
  });

  test('and is refused is told, and holds no certificate up', async () => {
    const { order, lines } = await accountWith(old);
    lab.ca.misbehaviour.add(refusing('account', { type: 'invalidContact', status: 400 }));
    expect(await order(fresh)).toMatchObject({ status: 'pending' });
    expect(lines).toContainEqual(expect.stringMatching(/^the CA does not take the contact: /));
  });

  test('at a CA that shows no contact is not sent', async () => {
    const { order } = await accountWith(old);
    lab.ca.misbehaviour.add({
      when: ({ operation }) => operation === 'newAccount',
      reply: async (usual) => {
        const { contact: _, ...account } = (await usual()).body as { contact?: unknown };
        return { ...(await usual()), body: account };
      },
    });
    await order(fresh);
    expect(updates()).toEqual([]);
  });
});
