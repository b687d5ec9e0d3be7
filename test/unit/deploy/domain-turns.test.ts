import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { describe, expect, test } from 'vitest';
import { comeAgain } from '#shared/deploy/turns/comes-again.ts';
import { s3DomainTurns } from '#shared/deploy/turns/domain-lane.ts';
import { sqsLaterQueue } from '#shared/deploy/turns/later-client.ts';
import { CertkeepError } from '#shared/errors.ts';
import { nextFailure } from '#shared/ledger/backoff.ts';
import { awsApiGatewayClient } from '#shared/targets/api-gateway/client.ts';
import { plugin } from '#shared/targets/api-gateway/plugin.ts';
import { identityOf } from '#shared/targets/identities.ts';
import { addMs, hourMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { now } from '#test/support/healthy.ts';
import { silentLog } from '#test/support/silent-log.ts';

const place = '123456789012/us-east-1';
const laneKey = `lanes/${place}/domain-names.json`;
const home = { account: '123456789012', region: 'us-east-1' };
const asked = { key: 'a', isUrgent: false };
const work = { kind: 'deploy', certificate: 'shop', place } as const;

/** A client whose requests reach nobody. */
function clientOptions(handle: () => Promise<unknown> = async () => ({})) {
  return {
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIALOCAL', secretAccessKey: 'local' },
    maxAttempts: 1,
    requestHandler: { handle } as never,
  };
}

function turnsOf(objects: Parameters<typeof s3DomainTurns>[0]['objects']) {
  return s3DomainTurns({ objects, clock: virtualClock(now), log: silentLog }, place);
}

describe('a lane', () => {
  test.each(['{', '{}', '{"nextFreeAt":"soon","waiting":[]}', '{"nextFreeAt":1,"waiting":null}'])(
    'that holds %s gives the turn, and is written anew',
    async (body) => {
      const objects = fakeObjectStore();
      await objects.putIf(laneKey, body, null);
      await turnsOf(objects).take(asked);
      expect(objects.objects.get(laneKey)).toContain(addMs(now, 31 * secondMs).toISOString());
      await expect(turnsOf(objects).take({ ...asked, key: 'b' })).rejects.toMatchObject({
        name: 'DomainTurnTaken',
      });
    },
  );

  test('that cannot be read stops nothing', async () => {
    const objects = fakeObjectStore();
    const get = async () => {
      throw new CertkeepError('ServiceFailed', 'S3: not now', { stage: 'rebind' });
    };
    await expect(turnsOf({ ...objects, get }).take(asked)).resolves.toBeUndefined();
    await expect(turnsOf({ ...objects, get }).lost('a', now)).resolves.toBeUndefined();
  });
});

test('a turn is come back for at its very time', () => {
  const retryAt = addMs(now, 50 * minuteMs);
  const error = { name: 'DomainTurnTaken', message: 'later', retryAt };
  const limits = { endOfLife: null, jitter: 1 };
  expect(nextFailure(null, error, now, limits)).toMatchObject({
    count: 0,
    nextAttemptAt: retryAt.toISOString(),
  });
});

describe('a message for later', () => {
  async function delayOf(at: Date): Promise<unknown> {
    const sent: { readonly input: unknown }[] = [];
    const client = { send: async (command: { readonly input: unknown }) => sent.push(command) };
    const queue = sqsLaterQueue({
      client: client as unknown as Parameters<typeof sqsLaterQueue>[0]['client'],
      queueUrl: 'https://sqs.example/later',
      clock: virtualClock(now),
    });
    await queue.sendAt(work, at);
    const [only] = sent.map(({ input }) => input as { readonly DelaySeconds: number });
    return only?.DelaySeconds;
  }

  test('comes no sooner than its time, and never later than SQS can keep it', async () => {
    expect(await delayOf(addMs(now, 30 * secondMs + 1))).toBe(31);
    expect(await delayOf(addMs(now, hourMs))).toBe(900);
    expect(await delayOf(addMs(now, -hourMs))).toBe(0);
  });

  test('that is not sent fails no run', async () => {
    const later = {
      sendAt: async () => {
        throw new CertkeepError('ServiceThrottled', 'SQS: not now', { stage: 'rebind' });
      },
    };
    await expect(comeAgain({ later, log: silentLog }, work, now)).resolves.toBeUndefined();
  });
});

test('the turns of an edge-optimized domain name are those of its own region', () => {
  const config = {
    type: 'api-gateway',
    domain: 'api.example.com',
    endpoint: 'edge',
    region: 'eu-central-1',
  } as const;
  const places: unknown[] = [];
  const maker = plugin.inPlace({
    ...{ installation: 'certkeep', home, options: clientOptions(), clock: virtualClock(now) },
    elbPace: undefined as never,
    domainTurnsIn(at) {
      places.push(at);
      return { take: async () => undefined, lost: async () => undefined };
    },
  });
  maker.target(config, identityOf(config, home, 'shop'));
  expect(places).toEqual([{ account: '123456789012', region: 'eu-central-1' }]);
});

test.each([
  ['12', 12],
  ['3600', 60],
  ['', 30],
])('API Gateway says when the turn is free again (%s)', async (header, seconds) => {
  const clock = virtualClock(now);
  const client = awsApiGatewayClient(
    clientOptions(async () => ({
      response: {
        statusCode: 429,
        headers: {
          'x-amzn-errortype': 'TooManyRequestsException',
          ...(header && { 'retry-after': header }),
        },
      },
    })),
    clock,
  );
  await expect(client.setCertificate('api.example.com', 'regional', 'arn')).rejects.toMatchObject({
    name: 'DomainTurnTaken',
    retryAt: addMs(now, seconds * secondMs),
  });
});
