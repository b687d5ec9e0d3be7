import { expect, test } from 'vitest';
import { decideDeploy } from '#shared/deploy/decide-deploy.ts';
import { verifyDue } from '#shared/deploy/verify/verify-due.ts';
import {
  type Deployment,
  emptyRecord,
  type Failure,
  type Version,
} from '#shared/ledger/record/record.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';

const now = new Date('2026-11-22T03:00:00Z');
const soon = addMs(now, dayMs).toISOString();
const place = '000000000000/us-east-1';
const target = { key: 'shop', place: { account: '000000000000', region: 'us-east-1' } };

const states = [
  'awaiting-proof',
  'proven',
  'contradicted',
  'unknown',
  'rolled-back',
  'failed',
] as const satisfies readonly Deployment['state'][];

const failure: Failure = {
  count: 1,
  lastAt: now.toISOString(),
  nextAttemptAt: soon,
  error: 'ListenerRefused',
  message: 'no',
};

/** Everything that a deployment may say, whether a run would write it or a restored record holds it. */
function* deployments(): Generator<Deployment> {
  for (const state of states) {
    for (const versionId of ['v0', 'v1', 'v2']) {
      for (const nextProbeAt of [null, soon]) {
        for (const provenAt of [null, now.toISOString()]) {
          for (const failed of [null, failure]) {
            yield {
              state,
              versionId,
              place,
              nextProbeAt,
              provenAt,
              failure: failed,
              arn: 'arn:1',
              previous: null,
              baselineSerial: null,
              changedAt: now.toISOString(),
              probe: null,
            };
          }
        }
      }
    }
  }
}

/** v2 is desired, and the record has lost v0. */
function recordWith(deployment: Deployment) {
  const versions = ['v1', 'v2'].map((id) => ({ id }) as Version);
  return {
    ...emptyRecord('shop', now),
    desired: 'v2',
    versions,
    deployments: { shop: deployment },
  };
}

test.each([null, 'v1', 'v2'])(
  'whatever a deployment says, deploy or verify looks at it within a day (ACM holds %s)',
  (versionId) => {
    const later = addMs(now, dayMs);
    const entry = {
      arn: 'arn:1',
      versionId,
      importing: null,
      previousVersionId: null,
      retired: [],
      importedAt: now.toISOString(),
      publishedArn: 'arn:1',
      publishFailure: null,
      leaving: null,
    };
    for (const deployment of deployments()) {
      const record = { ...recordWith(deployment), imports: { [place]: entry } };
      const decision = decideDeploy({
        rollout: null,
        record,
        targets: [target],
        place,
        now: later,
      });
      const asked = verifyDue(record, [target], later);
      expect([decision.outcome === 'due', asked.length > 0], JSON.stringify(deployment)).toContain(
        true,
      );
    }
  },
);

test('a rollback puts back a version that the record knows', () => {
  for (const deployment of deployments()) {
    const record = recordWith(deployment);
    const decision = decideDeploy({
      rollout: null,
      record,
      targets: [target],
      place,
      now: addMs(now, dayMs),
    });
    const rollBack = decision.outcome === 'due' ? decision.rollBack : [];
    const isKnown = record.versions.some(({ id }) => id === deployment.versionId);
    expect(isKnown || rollBack.length === 0, JSON.stringify(deployment)).toBe(true);
  }
});
