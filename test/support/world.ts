import { createHash } from 'node:crypto';
import { askTargets } from '#local/ask-targets.ts';
import { type Cloud, type CloudOptions, type Consistency, startCloud } from '#local/cloud.ts';
import { install, putConfig } from '#local/installation.ts';
import { buildLandscape, type Landscape, readBack } from '#local/landscape.ts';
import { type Dispatcher, startDispatcher } from '#local/runtime/dispatcher.ts';
import { inProcessInvoker } from '#local/runtime/in-process-invoker.ts';
import type { PublishedMessage } from '#local/services/sns/state.ts';
import { functionIdentity } from '#local/wire/accounts.ts';
import { installedPace, type Names } from '#local/wiring.ts';
import { addMs } from '#shared/clock.ts';
import { type CertificateRecord, recordSchema } from '#shared/ledger/record.ts';
import type { LogFields } from '#shared/log.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { type VirtualClock, virtualClock } from './virtual-clock.ts';
import { type FunctionsOptions, keyOf, stages, worldFunctions } from './world-functions.ts';

/** As slow to agree as AWS is seen to be. */
export const usualConsistency: Consistency = {
  route53InsyncMs: 20_000,
  balancerSpreadMs: [5_000, 20_000],
  replicationMs: 3_000,
  acmListLagMs: 2_000,
  acmInUseByLagMs: 5_000,
  elbCertificateLagMs: 3_000,
};

export type LogLine = LogFields & { readonly message: string; readonly level: string };

export type World = {
  readonly cloud: Cloud;
  readonly clock: VirtualClock;
  readonly landscape: Landscape;
  readonly dispatcher: Dispatcher;
  readonly names: Names;
  readonly logs: readonly LogLine[];
  /** In an orderly world: lets the next run begin beside the present one, which is frozen. */
  passOn(): void;
  /** One scheduled run of check, and everything that follows from it. */
  check(request?: unknown): Promise<void>;
  /** The same without waiting for what follows. */
  startCheck(request?: unknown): Promise<void>;
  settle(): Promise<void>;
  record(id: string): CertificateRecord;
  /** The serials that the endpoints of a certificate present now, asked apart from certkeep. */
  served(id: string): Promise<ReadonlySet<string | null>>;
  /** What people received. */
  inbox(): readonly PublishedMessage[];
  /** Runs check and verify every ten minutes for that long. */
  live(ms: number): Promise<void>;
  /** Deploys another configuration; the functions know only that one from now on. */
  reconfigure(change: (text: string) => string): Promise<void>;
  close(): Promise<void>;
};

const tenMinutes = 600_000;

/**
 * The whole of certkeep on the local cloud, in this process and on a virtual clock: real requests over
 * loopback, and hours of waiting in no time.
 */
export async function startWorld(
  source: string,
  options: Partial<Pick<CloudOptions, 'consistency' | 'ca' | 'acmLimits'>> & {
    readonly prepare?: (world: {
      cloud: Cloud;
      landscape: Landscape;
      clock: VirtualClock;
      names: Names;
    }) => Promise<void>;
    readonly clock?: VirtualClock;
    /** One run after the other in warm containers, so that a world of the same seed makes the same calls. */
    readonly orderly?: Pick<FunctionsOptions, 'onStart'>;
  } = {},
): Promise<World> {
  const clock = options.clock ?? virtualClock();
  const written = readBack(source);
  const cloud = await startCloud({
    clock,
    consistency: usualConsistency,
    // Everybody shares ACM's one import a second with the set-up otherwise.
    acmLimits: { importsPerSecond: Number.POSITIVE_INFINITY },
    ...options,
  });
  let landscape = await buildLandscape(
    cloud,
    { text: written.configText, config: written.config },
    { directoryUrl: cloud.ca.directoryUrl, rootPem: cloud.ca.rootPem },
    clock,
  );
  const { config } = landscape;
  const { names, wiring: wired } = await install(cloud, config, installedPace);
  await options.prepare?.({ cloud, landscape, clock, names });
  const environments = new Map(wired.functions.map((each) => [each.name, each.environment]));
  let reconfigured = {};
  const logs: LogLine[] = [];
  const handlerOf = worldFunctions({
    clock,
    log: logInto(logs),
    endpoint: cloud.endpoint,
    environment: (name) => ({
      ...environments.get(name),
      ...reconfigured,
      AWS_REGION: config.home.region,
    }),
    ...(options.orderly ? { ...options.orderly, warm: true } : {}),
  });
  const everyone = inProcessInvoker({
    clock,
    functions: new Map(
      wired.functions.map(({ name, timeoutMs }) => [name, { handler: handlerOf(name), timeoutMs }]),
    ),
  });
  const turns = oneAtATime(everyone);
  const invoker = options.orderly ? turns : everyone;
  for (const name of Object.keys(stages)) {
    cloud.accounts.register(keyOf(name), functionIdentity(name));
  }
  cloud.faults.kill = (caller) => caller && invoker.kill(caller);
  const dispatcher = startDispatcher({
    wiring: wired,
    invoker,
    clock,
    region: config.home.region,
    queue: (name) => cloud.sqs.queue(config.home.region, name),
    events: cloud.events,
    lookEveryMs: null,
  });

  async function startCheck(request: unknown = {}): Promise<void> {
    const result = await dispatcher.invoke('check', request);
    if (!result.ok) throw new Error(`check failed: ${result.error.name}: ${result.error.message}`);
  }

  async function check(request: unknown = {}): Promise<void> {
    await startCheck(request);
    await dispatcher.settle();
  }

  return {
    cloud,
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
      const bytes = cloud.s3.bytesOf(names.bucket, `certificates/${id}/record.json`);
      if (!bytes) throw new Error(`there is no record of ${id}`);
      return recordSchema.parse(JSON.parse(Buffer.from(bytes).toString()));
    },
    async served(id) {
      const certificate = landscape.config.certificates.find((each) => each.id === id);
      if (!certificate) throw new Error(`${id} is not configured`);
      const answers = await askTargets({ cloud, clock, home: config.home }, certificate);
      return new Set(answers.map(({ serial }) => serial));
    },
    inbox: cloud.sns.published,
    async live(ms) {
      const end = addMs(clock.now(), ms);
      while (clock.now() < end) {
        clock.advance(tenMinutes);
        await check();
        await dispatcher.invoke('verify', { sweep: true });
        await dispatcher.settle();
      }
    },
    async reconfigure(change) {
      landscape = readBack(change(landscape.configText));
      const deployed = await putConfig(cloud, landscape.config);
      const sha256 = createHash('sha256').update(deployed).digest('hex');
      reconfigured = { CERTKEEP_CONFIG_SHA256: sha256 };
    },
    async close() {
      dispatcher.stop();
      await invoker.close();
      await cloud.close();
    },
  };
}

function logInto(lines: LogLine[]) {
  const at = (level: string) => (message: string, fields: LogFields) => {
    lines.push({ ...fields, message, level });
  };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}
