import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { CertkeepError } from '#shared/errors.ts';
import { isLimit, isWorthTelling, nextFailure } from '#shared/ledger/backoff.ts';
import { apiGatewayTarget } from '#shared/targets/api-gateway/api-gateway.ts';
import type { CustomDomain } from '#shared/targets/api-gateway/client.ts';
import { notNow } from '#shared/targets/api-gateway/decide-change.ts';
import { freeTurns } from '#shared/targets/api-gateway/domain-turns.ts';
import { identityOf } from '#shared/targets/identities.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';

const now = new Date('2026-11-22T03:00:00Z');
const said = (status: string, endpoint: 'regional' | 'edge' = 'regional') =>
  notNow('api.example.com', { status, statusMessage: 'its own words' }, endpoint, now);

test.each(['AVAILABLE', 'SOMETHING_NEW'])('a domain name that is %s takes a change', (status) => {
  expect(said(status)).toBeNull();
});

test.each([
  ['regional', minuteMs],
  ['edge', 10 * minuteMs],
] as const)('one that is UPDATING is looked at again later (%s)', (endpoint, afterMs) => {
  const error = said('UPDATING', endpoint);
  expect(error).toMatchObject({ name: 'ChangeInProgress', retryAt: addMs(now, afterMs) });
});

test('that it is UPDATING counts as no failure, and nobody is told', () => {
  const { message, name, retryAt } = said('UPDATING') ?? { message: '', name: '', retryAt: null };
  expect(isLimit(name)).toBe(true);
  const failure = nextFailure(null, { name, message, retryAt }, now, { endOfLife: null });
  expect(failure).toMatchObject({ count: 0, nextAttemptAt: addMs(now, minuteMs).toISOString() });
  expect(isWorthTelling(failure)).toBe(false);
});

test.each([
  ['PENDING_OWNERSHIP_VERIFICATION', 'DomainOwnershipUnverified'],
  ['PENDING_CERTIFICATE_REIMPORT', 'DomainReimportPending'],
  ['FAILED', 'DomainFailed'],
])('%s is told as %s, in the words of API Gateway', (status, name) => {
  const error = said(status);
  expect(error).toMatchObject({ name, retryAt: null });
  expect(error?.message).toContain('its own words');
  expect(isLimit(name)).toBe(false);
});

test('a change of somebody else that begins after the look is waited for like any other', async () => {
  const clock = virtualClock();
  const identity = identityOf(
    { type: 'api-gateway', domain: 'api.example.com', endpoint: 'regional' },
    { account: '123456789012', region: 'us-east-1' },
    'shop',
  );
  let status = 'AVAILABLE';
  const domain = async (): Promise<CustomDomain> => ({
    ...{ certificateArn: 'arn:before', status, statusMessage: null, hasMutualTls: false, tags: {} },
    endpoint: { host: 'api.example.com', port: 443 },
  });
  const setCertificate = async () => {
    status = 'UPDATING';
    throw new CertkeepError('ListenerRefused', 'API Gateway: ConflictException');
  };
  const target = apiGatewayTarget({
    ...{ identity, arn: 'arn:domain', domain: 'api.example.com', endpoint: 'regional', clock },
    client: { domain, setCertificate, tag: async () => undefined },
    turns: freeTurns,
  });
  const wanted = { default: 'arn:after', listed: [], unlisted: [], mayMakeRoom: false };
  const seen = { default: 'arn:before', list: [] };
  await expect(target.arrange(wanted, seen)).rejects.toMatchObject({ name: 'ChangeInProgress' });
});
