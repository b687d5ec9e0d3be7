import type { Context } from 'aws-lambda';
import { expect, test, vi } from 'vitest';
import { handler as deploy } from '#functions/deploy.ts';
import { handler as issue } from '#functions/issue.ts';
import { handler as sync } from '#functions/sync.ts';
import { handler as verify } from '#functions/verify.ts';

vi.hoisted(() => {
  process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
});

const context = { awsRequestId: 'r', getRemainingTimeInMillis: () => 10_000 } as Context;
const handlers = { deploy, issue, sync, verify } as const;
const mistakes: readonly unknown[] = [{}, null, 'shop', { certficate: 'shop' }];

test.each(
  Object.entries(handlers).flatMap(([name, handler]) =>
    mistakes.map((payload) => [name, JSON.stringify(payload), { handler, payload }] as const),
  ),
)('%s answers %s with an example, and no failed run', async (name, _, { handler, payload }) => {
  const answer = await (handler as (event: unknown, context: Context) => unknown)(payload, context);
  expect(answer).toEqual({
    refused: `Nothing was done: this is no payload that ${name} reads.`,
    example: expect.any(Object),
  });
});

test.each([
  ['deploy', deploy, { Records: [{ body: '{}' }] }],
  ['verify', verify, { kind: 'look', region: 'us-east-1' }],
  ['sync', sync, { detail: { events: [{}] } }],
])(
  'what certkeep itself brings to %s, and %s cannot read, fails its run',
  async (_, handler, event) => {
    const run = (handler as (event: unknown, context: Context) => Promise<unknown>)(event, context);
    await expect(run).rejects.toThrow('Invalid input');
  },
);
