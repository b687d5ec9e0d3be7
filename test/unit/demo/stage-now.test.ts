import { expect, test } from 'vitest';
import { stageNow } from '#local/demo/stage-now.ts';
import type { Deployment } from '#shared/ledger/record/record.ts';
import { placeKey } from '#shared/place.ts';
import { configWith, failureUntil, healthy, inDays, now } from '#test/support/healthy.ts';

const { home } = configWith();
const key = `api-gateway:${home.account}/${home.region}/api.example.com`;
const target = { type: 'api-gateway', domain: 'api.example.com', endpoint: 'regional' } as const;

/** A certificate whose only target has failed with this error. */
function failedWith(error: string) {
  const failed: Deployment = {
    ...{
      state: 'failed' as const,
      place: placeKey(home),
      versionId: 'v1',
      arn: 'arn',
      previous: null,
    },
    ...{ baselineSerial: null, changedAt: now.toISOString(), provenAt: null, probe: null },
    ...{ servedUntil: null, nextProbeAt: null, failure: failureUntil(inDays(1), { error }) },
  };
  const record = healthy({ deployments: { [key]: failed } });
  const certificate = { id: record.id, targets: [target] };
  return stageNow(record, certificate, { home, replicas: [] });
}

test.each(['DomainTurnTaken', 'ImportLaneFull', 'ChangeInProgress'])(
  'what waits for its turn has not failed (%s)',
  (error) => {
    expect(failedWith(error)).toEqual({ stage: 'deploy', failure: null });
  },
);

test('a refusal has', () => {
  expect(failedWith('ListenerRefused').failure).toMatchObject({ error: 'ListenerRefused' });
});
