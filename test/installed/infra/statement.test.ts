import { expect, test } from 'vitest';
import { merged, type Statement } from '#infra/rights/statement.ts';

const look = (change: Partial<Statement>): Statement => ({
  sid: 'Look',
  actions: ['acm:DescribeCertificate'],
  resources: ['one'],
  reason: 'a test',
  ...change,
});

test('statements of one id that differ in their resources become one', () => {
  expect(merged([look({}), look({ resources: ['two', 'one'] })])).toEqual([
    look({ resources: ['one', 'two'] }),
  ]);
});

test.each([
  ['actions', { actions: ['acm:GetCertificate'] }],
  ['conditions', { conditions: { StringEquals: { 'aws:ResourceTag/a': 'b' } } }],
])('those that differ in their %s stay two, each with an id of its own', (_, change) => {
  expect(merged([look({}), look(change)])).toEqual([look({}), look({ ...change, sid: 'Look2' })]);
});
