import * as acmModule from '@aws-sdk/client-acm';
import { ACMClient, ListCertificatesCommand } from '@aws-sdk/client-acm';
import { STSClient } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { functionIdentity } from 'local-cloud/kit/function-identity.ts';
import { acm } from 'local-cloud/services/acm/service.ts';
import { sts, stsService } from 'local-cloud/services/sts/service.ts';
import { type LocalFront, localFront } from 'local-cloud/test/wire/local-front.ts';
import { type VirtualClock, virtualClock } from 'local-cloud/virtual-clock.ts';
import { serviceOf } from 'local-cloud/wire/service-of.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { placeCredentials } from '#shared/adapters/place-credentials.ts';
import { clientOptions } from '#shared/aws/clients.ts';
import { stsAssumeRole } from '#shared/aws/sts-assume-role.ts';
import { hourMs } from '#shared/time/clock.ts';
import { withinDeadline } from '#shared/time/deadline.ts';
import { localClientOptions } from '#test/support/local-client-options.ts';

const role = 'arn:aws:iam::222222222222:role/certkeep-r-place';
let clock: VirtualClock;
let front: LocalFront;
let trusts: boolean;

beforeEach(async () => {
  // By the time of any machine a session that begins then is good for ever.
  clock = virtualClock(new Date('2126-11-22T03:00:00Z'));
  trusts = true;
  front = await localFront((accounts) => [
    stsService(sts({ clock, accounts, mayAssume: () => trusts })),
    serviceOf('acm', acmModule, ACMClient, acm({ clock, inUseBy: () => [] }).operations),
  ]);
  front.accounts.register('AKIADEPLOY', functionIdentity('deploy'));
});
afterEach(() => front.close());

const options = () =>
  localClientOptions(front, { credentials: { accessKeyId: 'AKIADEPLOY', secretAccessKey: 'x' } });
const assumeRole = () => stsAssumeRole(new STSClient(options()), 'certkeep-deploy');

test('a session acts in the account of the role, under the name of installation and function', async () => {
  const session = await assumeRole()(role);
  expect(front.accounts.identityOf(session.accessKeyId)).toMatchObject({
    account: '222222222222',
    arn: 'arn:aws:sts::222222222222:assumed-role/certkeep-r-place/certkeep-deploy',
  });
});

test('a client that outlives its first session goes on with another one', async () => {
  const home = { account: '000000000000', region: 'us-east-1' };
  const roleName = 'certkeep-r-place';
  const ports = { home, roleName, assumeRole: assumeRole(), clock };
  const credentials = placeCredentials(ports)('222222222222');
  const client = new ACMClient({ ...options(), ...(credentials && { credentials }) });
  const list = () => client.send(new ListCertificatesCommand({}));
  for (let hours = 0; hours < 3; hours += 1) {
    expect((await list()).CertificateSummaryList).toEqual([]);
    await list();
    clock.advance(hourMs);
  }
  const assumed = front.faults.calls.filter(({ operation }) => operation === 'AssumeRole');
  expect(assumed).toHaveLength(3);
});

test('a role that is not there or does not trust us makes the place not reachable', async () => {
  trusts = false;
  await expect(assumeRole()(role)).rejects.toMatchObject({
    name: 'PlaceNotReachable',
    message: expect.stringContaining(role),
  });
});

test('an unreachable STS is no refusal', async () => {
  front.faults.add({ when: () => true, fault: { do: 'throttle' }, times: 3 });
  await expect(assumeRole()(role)).rejects.toMatchObject({
    name: 'ServiceThrottled',
    message: expect.stringContaining(`STS: AssumeRole ${role}: ThrottlingException`),
  });
});

test('no role is assumed after the deadline', async () => {
  const late = withinDeadline(AbortSignal.abort(new Error('over')), () => assumeRole()(role));
  await expect(late).rejects.toMatchObject({ name: 'AbortError' });
  expect(front.faults.calls).toEqual([]);
});

// A session of the global endpoint is refused in regions that an account has to switch on.
test.each([
  ['us-east-1', 'sts.us-east-1.amazonaws.com'],
  ['ap-east-1', 'sts.ap-east-1.amazonaws.com'],
  ['cn-north-1', 'sts.cn-north-1.amazonaws.com.cn'],
])('from %s the endpoint asked is %s', async (region, host) => {
  const asked: string[] = [];
  const requestHandler = new NodeHttpHandler({});
  requestHandler.handle = async ({ hostname }) => {
    asked.push(hostname);
    throw new Error('nobody is asked in a test');
  };
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const client = new STSClient(
    clientOptions({ region, credentials, requestHandler, maxAttempts: 1 }),
  );
  await expect(stsAssumeRole(client, 'certkeep-deploy')(role)).rejects.toThrow('nobody');
  expect(asked).toEqual([host]);
});
