import type { ListTopicsResponse } from '@aws-sdk/client-sns';
import type { AcmeCa } from 'local-cloud/ca/acme-ca.ts';
import { type Cloud, type CloudOptions, startCloud, usualConsistency } from 'local-cloud/cloud.ts';
import type { Assembly } from 'local-cloud/deploy/assembly.ts';
import { type Deployments, deployments } from 'local-cloud/deploy/deployments.ts';
import { functionRights } from 'local-cloud/iam/function-rights.ts';
import { repeatIdentifiers } from 'local-cloud/kit/determinism.ts';
import { roleKeys } from 'local-cloud/runtime/credentials.ts';
import { type Dispatcher, startDispatcher } from 'local-cloud/runtime/dispatcher.ts';
import { inProcessInvoker } from 'local-cloud/runtime/in-process-invoker.ts';
import type { PublishedMessage } from 'local-cloud/services/sns/state.ts';
import { type VirtualClock, virtualClock } from 'local-cloud/virtual-clock.ts';
import { ask } from 'local-cloud/wire/service.ts';
import { askTargets } from '#local/demo/ask-targets.ts';
import { type Installed, installedIn } from '#local/demo/installed.ts';
import { startStaging } from '#local/demo/landscape/staging.ts';
import { buildLandscape, type Landscape, readBack } from '#local/demo/landscape.ts';
import type { Config } from '#shared/config/config.ts';
import type { CertificateRecord, LedgerEvent } from '#shared/ledger/record/record.ts';
import { storedRecord } from '#shared/ledger/stored-parts.ts';
import type { LogFields } from '#shared/log.ts';
import { addMs, hourMs } from '#shared/time/clock.ts';
import { entranceFor } from './entrance-for.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { assemblyOf } from './world-assembly.ts';
import { type FunctionsOptions, worldFunctions } from './world-functions.ts';

type LogLine = LogFields & { readonly message: string; readonly level: string };

/** What an installation is made of: its stacks, and its functions. */
export type Release = {
  readonly assemblyOf: typeof assemblyOf;
  readonly worldFunctions: typeof worldFunctions;
};

export const thisRelease: Release = { assemblyOf, worldFunctions };

export type World = {
  readonly cloud: Cloud;
  /** The CA that stands in for staging directories; null where the configuration leads to none. */
  readonly staging: AcmeCa | null;
  readonly clock: VirtualClock;
  readonly landscape: Landscape;
  readonly dispatcher: Dispatcher;
  readonly names: Installed;
  readonly logs: readonly LogLine[];
  /** In an orderly world: lets the next run begin beside the present one, which is frozen. */
  passOn(): void;
  /** One scheduled run of check, and everything that follows from it. */
  check(request?: unknown): Promise<void>;
  /** The same without waiting for what follows. */
  startCheck(request?: unknown): Promise<void>;
  settle(): Promise<void>;
  record(id: string): CertificateRecord;
  hasRecord(id: string): boolean;
  /** The serials that the endpoints of a certificate present now, asked apart from certkeep. */
  served(id: string): Promise<ReadonlySet<string | null>>;
  /** What people received, the first message of the installation included. */
  inbox(): readonly PublishedMessage[];
  /** The subjects of what people received after the first message. */
  told(): readonly string[];
  /** What functions sent to the bus, for machines: each event once, without those that only say that check has run. */
  events(): readonly LedgerEvent[];
  /** Runs check and verify every ten minutes for that long. */
  live(ms: number): Promise<void>;
  /**
   * The same until that is true, and for an hour more, in which it is to stay so.
   * @throws Error where it is not true in time
   */
  liveUntil(isTrue: () => boolean, withinMs: number): Promise<void>;
  /** Lists the resources, and deletes one past CloudFormation. */
  readonly deployments: Pick<Deployments, 'resources' | 'removeByHand'>;
  /** Deploys another configuration; the functions know only that one from now on. */
  reconfigure(change: (text: string) => string): Promise<void>;
  /** Deploys another release over this one; runs that have begun go on as they are. */
  install(release: Release): void;
  /** What roles and services asked for in vain, each once: `certkeep-us-east-1-sync kms:Decrypt arn:…`. */
  denied(): readonly string[];
  /** @throws Error where the template has denied a function, or a service, anything */
  close(): Promise<void>;
};

const tenMinutes = 600_000;

/** Worlds of this process that may still draw identifiers. */
let open = 0;

/**
 * The whole of certkeep on the local cloud, deployed from its template but in this process and on a virtual
 * clock: real requests over loopback, and hours of waiting in no time.
 */
export async function startWorld(
  source: string,
  options: Partial<
    Pick<CloudOptions, 'consistency' | 'ca' | 'acmLimits' | 'evaluatesAlarms' | 'tellsOfExpiry'>
  > & {
    readonly prepare?: (world: {
      cloud: Cloud;
      landscape: Landscape;
      clock: VirtualClock;
      names: Installed;
    }) => Promise<void>;
    readonly clock?: VirtualClock;
    /** Deploys something else than what was synthesized. */
    readonly edit?: (assembly: Assembly) => Assembly;
    /** What the template denies does not fail the test when the world is closed. */
    readonly mayDeny?: boolean;
    /** Of the account, at once: ten unless given, as a new account has. */
    readonly concurrentExecutions?: number;
    /** What is installed at first; this release unless given. */
    readonly release?: Release;
    /** Traits of the CA that stands in for staging directories. */
    readonly staging?: CloudOptions['ca'];
    /** Runs end before the platform ends them, for which the clock has to wait for all I/O. */
    readonly endsInTime?: boolean;
    /** One run after the other in warm containers, so that a world of the same seed makes the same calls. */
    readonly orderly?: Pick<FunctionsOptions, 'onStart'>;
  } = {},
): Promise<World> {
  if (open === 0) repeatIdentifiers();
  open += 1;
  const clock = options.clock ?? virtualClock();
  const written = readBack(source);
  const cloud = await startCloud({
    clock,
    consistency: usualConsistency,
    // Most tests jump over days in which no schedule runs, and CheckSilent would rightly ring.
    evaluatesAlarms: false,
    // Many of them count messages, also while a certificate ends.
    tellsOfExpiry: false,
    ...options,
  });
  await cloud.iam.prepare();
  const staging = await startStaging(cloud, written.config, clock, options.staging);
  let landscape = await buildLandscape(
    cloud,
    { text: written.configText, config: written.config },
    { directoryUrl: cloud.ca.directoryUrl, rootPem: cloud.ca.rootPem, staging },
    clock,
  );
  const { config } = landscape;
  const deployer = deployments(cloud);
  const { edit = (assembly) => assembly } = options;
  let release = options.release ?? thisRelease;
  deployer.deploy(edit(release.assemblyOf(config)));
  const names = installedIn(cloud.lambda);
  hearEverything(cloud, landscape.config);
  await options.prepare?.({ cloud, landscape, clock, names });
  const logs: LogLine[] = [];
  let isClosed = false;
  const rights = functionRights(cloud.iam);
  const surroundings = {
    clock,
    log: logInto(logs),
    rights,
    endpoint: cloud.endpoint,
    resolver: cloud.dns.address,
    insideResolver: cloud.insideDns.address,
    keyOf: roleKeys(cloud.accounts),
    ...(options.orderly ? { ...options.orderly, orderly: true } : {}),
    ...(options.endsInTime ? { endsInTime: true } : {}),
  };
  let handlerOf = release.worldFunctions(surroundings);
  const everyone = inProcessInvoker({ clock, handlerOf: (deployed) => handlerOf(deployed) });
  const turns = oneAtATime(everyone);
  const invoker = options.orderly ? turns : everyone;
  cloud.faults.kill = (_, run) => run && invoker.killRun(run);
  const dispatcher = startDispatcher({
    deployed: cloud,
    invoker,
    clock,
    rights,
    lookEveryMs: null,
    ...(options.concurrentExecutions && { concurrentExecutions: options.concurrentExecutions }),
  });

  async function startCheck(request: unknown = {}): Promise<void> {
    const result = await dispatcher.invoke(entranceFor(request), request);
    if (!result.ok) throw new Error(`check failed: ${result.error.name}: ${result.error.message}`);
  }

  async function check(request: unknown = {}): Promise<void> {
    await startCheck(request);
    await dispatcher.settle();
  }

  async function live(ms: number, isEnough: () => boolean = () => false): Promise<void> {
    const end = addMs(clock.now(), ms);
    while (clock.now() < end && !isEnough()) {
      clock.advance(tenMinutes);
      await check();
      await dispatcher.invoke('verify', { sweep: true });
      await dispatcher.settle();
    }
  }

  return {
    cloud,
    staging,
    clock,
    get landscape() {
      return landscape;
    },
    dispatcher,
    names,
    logs,
    passOn: turns.passOn,
    startCheck,
    check,
    settle: dispatcher.settle,
    record(id) {
      const record = storedRecord((key) => cloud.s3.bytesOf(names.bucket, key), id);
      if (!record) throw new Error(`there is no record of ${id}`);
      return record;
    },
    hasRecord: (id) => storedRecord((key) => cloud.s3.bytesOf(names.bucket, key), id) !== null,
    async served(id) {
      const certificate = landscape.config.certificates.find((each) => each.id === id);
      if (!certificate) throw new Error(`${id} is not configured`);
      const answers = await askTargets({ cloud, clock, config }, certificate);
      return new Set(answers.map(({ serial }) => serial));
    },
    inbox: cloud.sns.published,
    told: () =>
      cloud.sns
        .published()
        .slice(1)
        .map(({ subject }) => subject ?? ''),
    events: () => eventsOn(cloud),
    live: (ms) => live(ms),
    async liveUntil(isTrue, withinMs) {
      await live(withinMs, isTrue);
      if (!isTrue()) throw new Error(`not true after ${withinMs / hourMs} hours: ${isTrue}`);
      await live(hourMs);
    },
    async reconfigure(change) {
      landscape = readBack(change(landscape.configText));
      deployer.deploy(edit(release.assemblyOf(landscape.config)));
      hearEverything(cloud, landscape.config);
    },
    install(next) {
      release = next;
      handlerOf = next.worldFunctions(surroundings);
      deployer.deploy(edit(next.assemblyOf(landscape.config)));
      hearEverything(cloud, landscape.config);
    },
    deployments: deployer,
    denied: () => deniedIn(cloud),
    async close() {
      if (isClosed) return;
      isClosed = true;
      open -= 1;
      dispatcher.stop();
      await invoker.close();
      await staging?.close();
      await cloud.close();
      const denied = deniedIn(cloud);
      if (denied.length === 0 || options.mayDeny) return;
      throw new Error(`the template denies:\n${denied.join('\n')}`);
    },
  };
}

/** Without what a role has deleted already, since what is gone has no tags, and in IAM no path, that it could be allowed by. */
function deniedIn({ iam }: Cloud): readonly string[] {
  const deleted = new Set<string>();
  const denials = iam.decisions.filter(({ allowed, role, action, resource }) => {
    const thing = resource.replace(/(:server-certificate\/).*\//, '$1');
    const deletion = `${role} ${action} ${thing}`;
    if (allowed && /:(Delete|RemoveTags)/.test(action)) deleted.add(deletion);
    return !allowed && !deleted.has(deletion);
  });
  const told = denials.map(
    ({ role, action, resource }) => `${role.split('/').at(-1)} ${action} ${resource}`,
  );
  return [...new Set(told)];
}

function logInto(lines: LogLine[]) {
  const at = (level: string) => (message: string, fields: LogFields) => {
    lines.push({ ...fields, message, level });
  };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

function eventsOn({ events }: World['cloud']): readonly LedgerEvent[] {
  const all = events.events
    .filter((event) => event['detail-type'] !== 'checked')
    .flatMap(({ detail }) => (detail as { events?: readonly LedgerEvent[] }).events ?? []);
  return [...new Map(all.map((event) => [`${event.certificate} ${event.id}`, event])).values()];
}

/** Somebody subscribes to whatever tells people, and follows the link. */
function hearEverything(
  { sns }: World['cloud'],
  { home, replicas }: Pick<Config, 'home' | 'replicas'>,
): void {
  for (const region of [home.region, ...replicas]) {
    const call = { account: home.account, region, accessKeyId: 'a-person' };
    const { Topics = [] } = ask<ListTopicsResponse>(sns, 'ListTopics', {}, call);
    for (const { TopicArn } of Topics) {
      ask(sns, 'Subscribe', { TopicArn, Protocol: 'email', Endpoint: listener }, call);
    }
  }
  sns.confirm(listener);
}

const listener = 'listener@example.com';
