import { operatorClient } from 'local-cloud/operator.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { arnOf } from 'local-cloud/wire/arn.ts';
import { putForeignTxt } from '#local/demo/foreign-txt.ts';
import { clientOptions } from '#shared/aws/clients.ts';
import type { LedgerEvent } from '#shared/ledger/record/record.ts';
import type { Place } from '#shared/place.ts';
import { targetMaker } from '#shared/targets/registry.ts';
import { configText, listenerArn, networkListenerArn } from '#test/support/fleet.ts';
import { loadedTargets } from '#test/support/loaded-targets.ts';
import type { World } from '#test/support/world.ts';
import { compared } from './compared.ts';
import { distributed } from './distributed.ts';
import { domainNames } from './domain-names.ts';
import { foundByTag } from './found-by-tag.ts';
import { hosts } from './hosts.ts';
import { limited, listed, standIn } from './issuers.ts';
import { lasting } from './lasting.ts';
import { ofUser } from './of-user.ts';
import { overHttp } from './over-http.ts';
import { probed } from './probed.ts';
import { published } from './published.ts';
import { recalled } from './recalled.ts';
import { rehearsed } from './rehearsed.ts';
import { retired, retiredInIam } from './retired.ts';
import { healthy, hour, type Scenario, small } from './scenario.ts';
import { without } from './statements.ts';
import { contradictedElsewhere, notAdopted, twiceAtOnce } from './trouble.ts';
import { uploaded } from './uploaded.ts';
import { watched } from './watched.ts';

const minute = hour / 60;
const day = 24 * hour;
const elsewhere = { region: 'eu-central-1', account: '222222222222' };

const fleet = configText(`
  shop:
    names: [example.com, "*.example.com"]
    issuer: local
    key: rsa-2048
    targets:
      - {type: alb, listener: "${listenerArn('near')}"}
      - {type: alb, listener: "${listenerArn('far', '1', elsewhere)}"}
      - {type: nlb, listener: "${networkListenerArn('mail')}", certificate: both}
      - {type: nlb, listener: "${networkListenerArn('mail', '1', elsewhere)}"}
      - {type: clb, loadBalancer: old}
      - {type: clb, loadBalancer: old, account: "${elsewhere.account}"}
  portal:
    names: [portal.example.net]
    issuer: local
    key: rsa-2048
    adopt: in-place
    targets:
      - {type: alb, listener: "${listenerArn('portal')}"}
      - {type: alb, listener: "${listenerArn('near')}", certificate: sni}
  api:
    names: [api.example.net]
    issuer: local
    key: rsa-2048
    targets:
      - {type: alb, listener: "${listenerArn('near')}", certificate: sni}
      - {type: alb, listener: "${listenerArn('far', '1', elsewhere)}", certificate: sni}
`);

function areProven(world: World, id: string): boolean {
  return Object.values(world.record(id).deployments).every(({ state }) => state === 'proven');
}

/** Runs a check as the schedule starts it, and the work that follows. */
async function schedulesFor(world: World, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += minute) {
    world.clock.advance(minute);
    await world.settle();
  }
}

/** Removes a certificate from the lists of all its listeners. */
async function takeOut(world: World, id: string): Promise<void> {
  const { certificates, home, installation } = world.landscape.config;
  const clientOptionsFor = ({ region, account }: Place) =>
    clientOptions(operatorClient(world.cloud, region, account));
  for (const config of certificates.find((each) => each.id === id)?.targets ?? []) {
    const ports = { installation, home, clock: world.clock, clientOptionsFor };
    const target = targetMaker(loadedTargets, ports)(config, id);
    const held = await target.readHeld();
    const arn = world.record(id).deployments[target.key]?.arn ?? '';
    const wanted = { default: null, listed: [], unlisted: [arn], mayMakeRoom: false };
    await target.arrange(wanted, held);
  }
}

export const life: Scenario = {
  name: 'certificates are issued, deployed, proven, renewed, and replaced by others with another key',
  source: fleet,
  async run(world) {
    world.dispatcher.startSchedules();
    await schedulesFor(world, 30 * minute);
    world.clock.advance(61 * day);
    await world.check();
    await world.live(hour);
    await world.reconfigure((text) =>
      text.replaceAll(/(portal|api)(.*?)rsa-2048/gs, '$1$2ecdsa-p256'),
    );
    await world.live(3 * hour);
    await takeOut(world, 'api');
    await world.live(2 * hour);
    // Certificates that their new keys have replaced are deleted, and adopted ones lose their tags.
    world.clock.advance(3 * day);
    await world.live(hour);
    const asked = { issuer: 'local', id: 'a-wish-of-a-test', reason: 'a test' };
    await world.dispatcher.invoke('issue:roll', asked);
    await world.check({ certificates: ['portal'], force: true, reason: 'a test' });
    await world.check({ certificates: ['shop'], retry: true, reason: 'a test' });
    await world.live(hour);
  },
  problems: healthy,
};

const accompanied: Scenario = {
  name: 'a value is put beside one that others keep at its name',
  source: small,
  async run(world) {
    const name = '_acme-challenge.example.com';
    await putForeignTxt(world.cloud, 'us-east-1', { name, value: 'theirs' });
    await world.check();
    await world.live(20 * minute);
  },
  problems: healthy,
};

const contradicted: Scenario = {
  name: 'what an endpoint contradicts is put back, and deployed again',
  source: small,
  async run(world) {
    await world.check();
    world.clock.advance(61 * day);
    world.cloud.balancers.stick('shop');
    await world.check();
    await world.live(20 * minute);
    world.cloud.balancers.unstick('shop');
    await world.liveUntil(() => areProven(world, 'shop'), 2 * day);
  },
  problems: healthy,
};

const untold: Scenario = {
  name: 'events that were not sent are sent by check',
  source: small,
  async run(world) {
    world.cloud.faults.add({
      when: ({ operation, caller }) => operation === 'PutEvents' && caller !== 'check',
      fault: { do: 'refuse', code: 'InternalFailure', status: 500 },
      times: 30,
    });
    await world.check();
    await world.live(hour);
  },
  problems: healthy,
};

const unsent: Scenario = {
  name: 'a message that was not sent is sent after the next check',
  source: small,
  async run(world) {
    world.cloud.faults.add({
      when: ({ operation }) => operation === 'Publish',
      fault: { do: 'refuse', code: 'InternalError', status: 400 },
      times: 4,
    });
    await world.check();
    await world.live(hour);
  },
  problems: healthy,
};

const late: Scenario = {
  name: 'a secret whose replica failed gets another one, once the key of that region is there',
  source: small,
  async run(world) {
    const { iam, kms } = world.cloud;
    const there = { account: homeAccount, region: 'eu-west-1', accessKeyId: 'somebody' };
    const alias = arnOf('kms', there, 'alias/certkeep');
    iam.useKey(alias, null);
    await world.check();
    // Sync finds that it will not come by itself, and asks issue for it.
    await world.live(hour);
    iam.useKey(alias, kms.find(there, 'alias/certkeep')?.arn ?? null);
    await world.live(hour);
  },
  async problems(world) {
    const { secretInSync = false } = world.record('shop').replicas['eu-west-1'] ?? {};
    return [...(secretInSync ? [] : ['the replica is behind']), ...(await healthy(world))];
  },
};

const unknown: Scenario = {
  name: 'functions that are asked of what there is no record of find nothing to do',
  source: small,
  async run(world) {
    const { account, region } = world.landscape.config.home;
    const message = { certificate: 'shop', place: `${account}/${region}` };
    await done(world, 'sync', { detail: eventOf('shop') });
    await done(world, 'verify', { sweep: true });
    await done(world, 'deploy', { Records: [{ body: JSON.stringify(message) }] });
    await world.check();
    await world.live(20 * minute);
  },
  problems: healthy,
};

function eventOf(certificate: string): LedgerEvent {
  const [id, at] = ['an-event', new Date(0).toISOString()];
  const told = { severity: 'info', summary: 'It was issued.', details: {} } as const;
  return { id, at, certificate, type: 'issued', ...told };
}

async function done(world: World, stage: string, event: unknown): Promise<void> {
  const result = await world.dispatcher.invoke(stage, event);
  if (!result.ok) throw new Error(`${stage}: ${result.error.name}: ${result.error.message}`);
}

/** Breaks a stage, so that no caller of its function can make it succeed. */
function breakDown(world: World, stage: string): void {
  world.cloud.faults.add({
    when: ({ caller, operation }) => caller === stage && operation === 'GetObject',
    fault: { do: 'refuse', code: 'InternalError', status: 400 },
    times: Number.POSITIVE_INFINITY,
  });
}

function deadEvents(world: World): number {
  return world.cloud.sqs.queue('us-east-1', 'certkeep-dead-events')?.messages().length ?? 0;
}

function kept(count: number) {
  return (world: World) => {
    const found = deadEvents(world);
    const denied = world.denied().map((denial) => `denied: ${denial}`);
    return found === count ? denied : [`${found} of ${count} dead events are kept`, ...denied];
  };
}

const failing: Scenario = {
  name: 'what fails three times without a queue is kept among the dead events',
  source: small,
  async run(world) {
    for (const stage of ['sync', 'alert', 'verify']) breakDown(world, stage);
    await world.check();
    for (const stage of ['check', 'issue', 'deploy']) breakDown(world, stage);
    world.dispatcher.invokeLater('check', {});
    world.dispatcher.invokeLater('verify', { sweep: true });
    world.dispatcher.invokeLater('issue', { certificate: 'shop' });
    const place = `${homeAccount}/us-east-1`;
    world.dispatcher.invokeLater('deploy', { certificate: 'shop', place });
    await schedulesFor(world, 10 * minute);
  },
  // Each of these, sync of one event, and alert of one check.
  problems: kept(6),
};

const unstartable: Scenario = {
  name: 'a schedule that may not start its function leaves that among the dead events',
  source: small,
  edit: (assembly) =>
    without(assembly, [{ role: 'certkeep-us-east-1-schedule', sid: 'StartFunctions' }]),
  async run(world) {
    world.dispatcher.startSchedules();
    await schedulesFor(world, 8 * minute);
  },
  problems(world) {
    const others = world.denied().filter((denial) => !denial.includes('us-east-1-schedule'));
    const denied = others.map((denial) => `denied: ${denial}`);
    return deadEvents(world) > 0 ? denied : ['no dead event is kept', ...denied];
  },
};

export const scenarios: readonly Scenario[] = [
  life,
  accompanied,
  contradicted,
  untold,
  unsent,
  late,
  unknown,
  failing,
  unstartable,
  standIn,
  limited,
  listed,
  overHttp,
  contradictedElsewhere,
  notAdopted,
  twiceAtOnce,
  lasting,
  compared,
  retired,
  retiredInIam,
  watched,
  ofUser,
  recalled,
  rehearsed,
  published,
  probed,
  domainNames,
  distributed,
  hosts,
  uploaded,
  foundByTag,
];
