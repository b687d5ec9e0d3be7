import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Assembly } from 'local-cloud/deploy/assembly.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import { isCertkeepError } from '#shared/errors.ts';
import { readStatus } from '#shared/status/status-object.ts';
import { addMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startPlainServer } from '#test/support/plain-server.ts';
import { startWorld, type World } from '#test/support/world.ts';

const elsewhere = { region: 'eu-central-1', account: '222222222222' };
const heartbeatSecret = 'ops/heartbeat';

/** A certificate at home, one at a listener of another account and region, a copy in a replica, and somebody outside. */
const source = `${configText(`
  shop: {names: [example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn('shop')}"}]}
  api: {names: [api.example.net], issuer: local, targets: [{type: alb, listener: "${listenerArn('far', '1', elsewhere)}"}]}
`)}alerts: {heartbeat: {secret: ${heartbeatSecret}}}
`;
const certificates = ['shop', 'api'];

/** Lambda, schedules and alarms do not wait for each other: this is how finely time passes. */
const stepMs = 10 * minuteMs;
/** The part is stopped so long before the renewals begin. */
const aheadMs = 2 * hourMs;

/** Something that people heard, and over which way. */
export type Heard = {
  /** Milliseconds after the part stopped. */
  readonly afterMs: number;
  /** `alerts`, `watch`, `watch in eu-west-1` or `heartbeat`. */
  readonly way: string;
  readonly what: string;
};

export type Stage = {
  readonly world: World;
  /** Deploys the installation with another template. */
  change(edit: (assembly: Assembly) => Assembly): Promise<void>;
  /** From now on people are listened to, and the time of `heard` is counted. */
  begin(): void;
  /** Lets time pass. */
  step(): Promise<void>;
  /** Milliseconds since the part stopped. */
  elapsedMs(): number;
  heard(): readonly Heard[];
  /** When the first certificate that is served now ends, as milliseconds from now; it may be negative. */
  leftMs(): Promise<number>;
  /** Says whether every endpoint serves a certificate that came after the part stopped. */
  isRenewed(): Promise<boolean>;
  close(): Promise<void>;
};

/**
 * An installation that has lived in peace until two hours before its renewals, with everything on one virtual clock: its
 * schedules, its alarms, and the service that waits for its heartbeat.
 */
export async function silenceStage(): Promise<Stage> {
  let edit = (assembly: Assembly) => assembly;
  let beatAt = new Date(0);
  const service = await startPlainServer((_, response) => {
    beatAt = world.clock.now();
    response.writeHead(200).end();
  });
  const world = await startWorld(source, {
    evaluatesAlarms: true,
    mayDeny: true,
    edit: (assembly) => edit(assembly),
    async prepare({ cloud }) {
      const secrets = new SecretsManagerClient(operatorClient(cloud, 'us-east-1'));
      const SecretString = `${service.origin}/ping`;
      await secrets.send(new CreateSecretCommand({ Name: heartbeatSecret, SecretString }));
    },
  });
  world.dispatcher.startSchedules();
  const { clock, cloud } = world;

  async function step(): Promise<void> {
    clock.advance(stepMs);
    await world.settle();
    await cloud.cloudwatch.told();
  }

  async function pass(ms: number): Promise<void> {
    for (const end = addMs(clock.now(), ms); clock.now() < end; ) await step();
  }

  await pass(2 * hourMs);
  clock.advance(await untilRenewal(world));
  await pass(3 * hourMs);
  const ends = new Map(
    certificates.flatMap((id) =>
      world
        .record(id)
        .versions.map(({ notAfter, serial }) => [serial, new Date(notAfter)] as const),
    ),
  );
  let begunAt = clock.now();
  let known = 0;

  const elapsedMs = () => clock.now().getTime() - begunAt.getTime();
  const heard: Heard[] = [];
  let isMissed = false;

  function listen(): void {
    for (const { message, recipients, subject, topicArn } of world.inbox().slice(known)) {
      known += 1;
      if (recipients.length === 0) continue;
      const what = subject ?? message;
      if (isTrouble(what)) heard.push({ afterMs: elapsedMs(), way: wayOf(topicArn), what });
    }
    if (!isMissed && addMs(beatAt, hourMs) <= clock.now()) {
      isMissed = true;
      heard.push({ afterMs: elapsedMs(), way: 'heartbeat', what: 'no heartbeat for an hour' });
    }
  }

  async function serials(): Promise<readonly (string | null)[]> {
    const served = certificates.map((id) => world.served(id).catch(nothingIfGone));
    return (await Promise.all(served)).flatMap((each) => [...each]);
  }

  return {
    world,
    async change(next) {
      edit = next;
      await world.reconfigure((text) => text);
    },
    begin() {
      begunAt = clock.now();
      known = world.inbox().length;
    },
    async step() {
      await step();
      listen();
    },
    elapsedMs,
    heard: () => heard,
    async leftMs() {
      const left = (await serials()).map((serial) => {
        const end = serial === null ? clock.now() : ends.get(serial);
        return end ? end.getTime() - clock.now().getTime() : Number.POSITIVE_INFINITY;
      });
      return Math.min(...left);
    },
    isRenewed: async () =>
      (await serials()).every((serial) => serial !== null && !ends.has(serial)),
    async close() {
      await world.close();
      await service.close();
    },
  };
}

/** Nothing is served where there is no listener. */
function nothingIfGone(error: unknown): ReadonlySet<null> {
  if (isCertkeepError(error, 'ListenerNotFound')) return new Set([null]);
  throw error;
}

/** Milliseconds until some hours before the first renewal, as the state says. */
async function untilRenewal({ clock, cloud, names }: World): Promise<number> {
  const { status } = await readStatus({
    get: async (key) => {
      const body = cloud.s3.bytesOf(names.bucket, key);
      return body && { body, etag: '' };
    },
  });
  const [first] = (status?.certificates ?? []).flatMap(({ renewsAt }) => renewsAt ?? []).sort();
  if (!first) throw new Error('no certificate says when it is renewed');
  return Date.parse(first) - aheadMs - 3 * hourMs - clock.now().getTime();
}

/** An alarm that rings, or a message about trouble: not its end, and no digest. */
function isTrouble(subject: string): boolean {
  return /^(?:ALARM|INSUFFICIENT_DATA):|^certkeep (?:warning|critical)\b/.test(subject);
}

function wayOf(topicArn: string): string {
  const [, , , region, , name = ''] = topicArn.split(':');
  const topic = name.replace(/^certkeep-/, '');
  return region === 'us-east-1' ? topic : `${topic} in ${region}`;
}
