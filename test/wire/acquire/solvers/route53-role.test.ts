import * as module from '@aws-sdk/client-route-53';
import { STSClient } from '@aws-sdk/client-sts';
import { functionIdentity } from 'local-cloud/kit/function-identity.ts';
import { route53 } from 'local-cloud/services/route53/service.ts';
import { sts, stsService } from 'local-cloud/services/sts/service.ts';
import type { RoleRequest } from 'local-cloud/services/sts/state.ts';
import { type LocalFront, localFront } from 'local-cloud/test/wire/local-front.ts';
import { type VirtualClock, virtualClock } from 'local-cloud/virtual-clock.ts';
import { serviceOf } from 'local-cloud/wire/service-of.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Role, roleCredentials } from '#shared/aws/role-credentials.ts';
import { stsAssumeRole } from '#shared/aws/sts-assume-role.ts';
import { createSolver } from '#shared/solvers/registry.ts';
import { minuteMs } from '#shared/time/clock.ts';
import { loadedSolvers } from '#test/support/loaded-solvers.ts';
import { localClientOptions } from '#test/support/local-client-options.ts';
import { solverDeps } from '#test/support/solver-deps.ts';

const role: Role = { roleArn: 'arn:aws:iam::111111111111:role/dns', externalId: 'shared' };
const name = '_acme-challenge.example.com';

let clock: VirtualClock;
let front: LocalFront;
let asked: RoleRequest[];
let zoneId: string;

beforeEach(async () => {
  clock = virtualClock();
  asked = [];
  const dns = route53({ clock, insyncMs: 0 });
  front = await localFront((accounts) => [
    serviceOf('route53', module, module.Route53Client, dns.operations),
    stsService(sts({ clock, accounts, mayAssume: trusts })),
  ]);
  front.accounts.register('AKIAISSUE', functionIdentity('issue'));
  const there = { account: '111111111111', region: 'us-east-1', accessKeyId: 'x' };
  const zone = { Name: 'example.com', CallerReference: 'x' };
  const created = dns.operations.CreateHostedZone?.(zone, there) as module.CreateHostedZoneResponse;
  zoneId = created.HostedZone?.Id?.replace('/hostedzone/', '') ?? '';
});
afterEach(() => front.close());

function trusts(request: RoleRequest): boolean {
  asked.push(request);
  return request.externalId === 'shared';
}

/** A process of the issue function. */
function container() {
  const credentials = { accessKeyId: 'AKIAISSUE', secretAccessKey: 'secret' };
  const aws = localClientOptions(front, { credentials, maxAttempts: 1 });
  const assumeRole = stsAssumeRole(new STSClient(aws), 'certkeep-issue', 'DnsCredentialsRefused');
  const credentialsIn = roleCredentials({ assumeRole, clock });
  const inRole = (wanted: Role) => ({ ...aws, credentials: credentialsIn(wanted) });
  return {
    credentialsIn,
    solver: (wanted: Partial<Role> = role) =>
      createSolver(
        loadedSolvers,
        { type: 'route53', cnameStrategy: 'none', ...wanted },
        solverDeps({ clock, aws, inRole }),
      ),
  };
}

test('zones of another account are found and written to in its role', async () => {
  const { solver } = container();
  const dns = solver();
  expect(await dns.zoneFor(name)).toMatchObject({ zoneId, name: 'example.com' });
  const handle = await dns.publish(zoneId, [{ name, value: 'ours' }]);
  expect(await dns.isPublished(handle)).toBe(true);
  await dns.remove(zoneId, [{ name, value: 'ours' }]);
  expect(asked).toMatchObject([{ roleArn: role.roleArn, externalId: 'shared' }]);
  expect(asked[0]?.by.caller).toBe('issue');
});

test('without the role the zone is not found', async () => {
  await expect(container().solver({}).zoneFor(name)).rejects.toMatchObject({
    name: 'ZoneNotFound',
  });
  expect(asked).toEqual([]);
});

test('a role that does not trust us is named', async () => {
  const { solver } = container();
  await expect(solver({ roleArn: role.roleArn }).zoneFor(name)).rejects.toMatchObject({
    name: 'DnsCredentialsRefused',
    message: expect.stringContaining(role.roleArn),
  });
});

test('a refusal is not remembered', async () => {
  const { credentialsIn } = container();
  const wrong = credentialsIn({ roleArn: role.roleArn });
  await expect(wrong()).rejects.toMatchObject({ name: 'DnsCredentialsRefused' });
  await expect(wrong()).rejects.toMatchObject({ name: 'DnsCredentialsRefused' });
  expect(asked).toHaveLength(2);
});

test('a session is kept until five minutes before its end, and shared by all who ask', async () => {
  const { credentialsIn } = container();
  const ask = credentialsIn(role);
  const together = await Promise.all([ask(), credentialsIn({ ...role })(), ask()]);
  expect(new Set(together.map(({ accessKeyId }) => accessKeyId)).size).toBe(1);
  clock.advance(54 * minuteMs);
  await ask();
  expect(asked).toHaveLength(1);
  clock.advance(2 * minuteMs);
  const renewed = await Promise.all([ask(), ask(), ask()]);
  expect(new Set(renewed.map(({ accessKeyId }) => accessKeyId)).size).toBe(1);
  expect(renewed[0]?.accessKeyId).not.toBe(together[0]?.accessKeyId);
  expect(asked).toHaveLength(2);
});

test('a client goes on with a new session when the old one is near its end', async () => {
  const { solver } = container();
  const dns = solver();
  await dns.publish(zoneId, [{ name, value: 'first' }]);
  clock.advance(56 * minuteMs);
  await dns.publish(zoneId, [{ name, value: 'second' }]);
  expect(asked).toHaveLength(2);
});
