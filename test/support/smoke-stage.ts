import {
  AddListenerCertificatesCommand,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { allow, policy, roleArn, trusting } from 'local-cloud/kit/iam-lab.ts';
import { freePort } from 'local-cloud/load-balancers/nodes.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import { homeAccount, roleSession } from 'local-cloud/wire/accounts.ts';
import { importCertificate } from '#local/demo/landscape/certificates.ts';
import { awsAccount } from '#scripts/smoke/client.ts';
import { smokeTag } from '#scripts/smoke/left.ts';
import { type SmokePorts, smoke } from '#scripts/smoke/smoke.ts';
import type { SmokeOptions } from '#scripts/smoke/smoke-options.ts';
import type { Step } from '#scripts/smoke/step.ts';
import { steps } from '#scripts/smoke/steps.ts';
import { minuteMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from './fleet.ts';
import { localClientOptions } from './local-client-options.ts';
import { startWorld, type World } from './world.ts';

const region = 'us-east-1';
const keys = { accessKeyId: 'AKIAPERSON', secretAccessKey: 'secret' };

/** The names of the certificates below example.com, and a staging CA. */
export const trialConfig = configText(
  `  shop: {names: [shop.example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn('shop')}"}]}\n`,
)
  .replace('directory:', 'staging: true, directory:')
  .concat('alerts: {email: [ops@example.com]}\n');

export type SmokeStage = Awaited<ReturnType<typeof smokeStage>>;

/** An installation that has issued and deployed, a listener for trials, and a person with every right. */
export async function smokeStage(
  source = trialConfig,
  options: Parameters<typeof startWorld>[1] = {},
) {
  const world = await startWorld(source, { mayDeny: true, ...options });
  const { cloud, clock } = world;
  registerPerson(world);
  const elb = new ElasticLoadBalancingV2Client(operatorClient(cloud, region));
  const here = { account: homeAccount, region };
  const made = await makeCertificate({ names: ['trial.example.com'], now: clock.now() });
  const previous = await importCertificate(cloud, here, made);
  // ELB learns of a certificate later.
  clock.advance(minuteMs);
  const listener = await trialListener(elb, previous);
  const trial: SmokeOptions = {
    account: homeAccount,
    region,
    zone: 'example.com',
    listener,
    installation: 'certkeep',
    yes: true,
    json: false,
  };
  const clients = (of: string) =>
    localClientOptions(cloud, { region: of, credentials: keys, maxAttempts: 1 });
  const account = awsAccount({ account: homeAccount, region, clients, clock });
  const said: string[] = [];

  return {
    world,
    elb,
    account,
    options: trial,
    previous,
    said,
    /** As an hour after the installation, with the mail of AWS confirmed. */
    async ready() {
      await world.check();
      await world.live(30 * minuteMs);
      cloud.sns.confirm('ops@example.com');
    },
    async run(
      change: Partial<SmokeOptions> = {},
      ports: Partial<SmokePorts> = {},
      tried: readonly Step[] = steps,
    ) {
      const { signal } = new AbortController();
      const confirm = async () => true;
      const usual = { account, clock, confirm, signal, say: (line: string) => said.push(line) };
      return smoke({ ...usual, ...ports }, { ...trial, ...change }, tried);
    },
    /** As the console makes it: the default is in the list as well. */
    async list(arn: string) {
      const Certificates = [{ CertificateArn: arn }];
      await elb.send(new AddListenerCertificatesCommand({ ListenerArn: listener, Certificates }));
    },
    /** Another certificate of the account. */
    async import(name: string) {
      const other = await makeCertificate({ names: [name], now: clock.now() });
      const arn = await importCertificate(cloud, here, other);
      clock.advance(minuteMs);
      return arn;
    },
    /** What the trial has left in ACM. */
    left: () =>
      cloud.acm
        .certificates()
        .filter(({ tags }) => tags.has(smokeTag))
        .map(({ arn }) => arn),
    /** Calls of the person that change something. */
    changes: () =>
      cloud.faults.calls
        .filter(({ caller }) => caller === 'person')
        .map(({ operation }) => operation)
        .filter((operation) => !/^(Get|List|Describe)/.test(operation)),
  };
}

async function trialListener(elb: ElasticLoadBalancingV2Client, CertificateArn: string) {
  const { LoadBalancers } = await elb.send(new CreateLoadBalancerCommand({ Name: 'trial' }));
  const { Listeners } = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
      Protocol: 'HTTPS',
      Port: await freePort(),
      Certificates: [{ CertificateArn }],
      DefaultActions: [{ Type: 'forward' }],
    }),
  );
  return Listeners?.[0]?.ListenerArn ?? '';
}

/** Somebody whose session policies decide about, as in a real account. */
function registerPerson({ cloud }: World): void {
  const arn = roleArn('person');
  const policies = [{ name: 'everything', document: policy(allow('*', '*')) }];
  cloud.iam.putRole({ arn, trustPolicy: trusting('*'), policies });
  const identity = roleSession({ role: arn, sessionName: 'person', caller: 'person' });
  if (!identity) throw new Error(`${arn} is no ARN of a role`);
  cloud.accounts.register(keys.accessKeyId, identity);
}
