import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Fault } from '#cloud/faults.ts';
import { allow, type Clients, type IamLab, iamLab } from '#cloud/kit/iam-lab.ts';

let lab: IamLab;
let check: Clients;
let killed: (string | null)[];
const Bucket = 'certkeep-ledger';
const written = { Bucket, Key: 'certificates/shop/record.json', Body: '{}' };

beforeEach(async () => {
  lab = await iamLab();
  await lab.operator.s3.createBucket({ Bucket });
  check = lab.as('check', [allow('s3:ListBucket', '*')]);
  killed = [];
  lab.cloud.faults.kill = (caller) => void killed.push(caller);
});
afterEach(() => lab.close());

function strike(fault: Fault) {
  lab.cloud.faults.add({ when: ({ operation }) => operation === 'PutObject', fault });
}

const denied = { name: 'AccessDenied' };

test('a call that a fault refuses is not evaluated', async () => {
  strike({ do: 'refuse', code: 'InternalError', status: 500 });
  await expect(check.s3.putObject(written)).rejects.toMatchObject({ name: 'InternalError' });
  strike({ do: 'kill-before' });
  await expect(check.s3.putObject(written)).rejects.toThrow();
  expect(killed).toEqual(['check']);
  expect(lab.decided()).toEqual([]);
});

test('a refusal kills its caller all the same, after it', async () => {
  strike({ do: 'kill-after' });
  await expect(check.s3.putObject(written)).rejects.toThrow();
  expect(killed).toEqual(['check']);
  expect(lab.decided()).toEqual(['denied s3:PutObject']);
});

test('a lost answer was a refusal; the repetition is refused too', async () => {
  strike({ do: 'lose-answer' });
  await expect(check.s3.putObject(written)).rejects.not.toMatchObject(denied);
  await expect(check.s3.putObject(written)).rejects.toMatchObject(denied);
  strike({ do: 'twice' });
  await expect(check.s3.putObject(written)).rejects.toMatchObject(denied);
  expect(lab.decided()).toEqual(Array(4).fill('denied s3:PutObject'));
  expect(lab.cloud.s3.keysOf(Bucket)).toEqual([]);
});

test('a refused call has no effect and is among the calls', async () => {
  await expect(check.s3.putObject(written)).rejects.toMatchObject(denied);
  expect(lab.cloud.s3.keysOf(Bucket)).toEqual([]);
  expect(lab.cloud.faults.calls.at(-1)).toMatchObject({ operation: 'PutObject', caller: 'check' });
});

test('a policy that changes counts from the next call on', async () => {
  await expect(check.s3.putObject(written)).rejects.toMatchObject(denied);
  lab.grant('check', [allow('s3:PutObject', '*')]);
  await check.s3.putObject(written);
  lab.grant('check', []);
  await expect(check.s3.putObject(written)).rejects.toMatchObject(denied);
});
