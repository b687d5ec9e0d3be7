import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { secondMs, systemClock } from '#shared/clock.ts';
import type { Config } from '#shared/config/config.ts';
import { createCertificateAuthority } from './ca/x509.ts';
import { type Cloud, type Consistency, startCloud } from './cloud.ts';
import type { Past } from './fleet.ts';
import { putForeignTxt } from './foreign-txt.ts';
import { install, operator } from './installation.ts';
import { buildLandscape, type Directory } from './landscape.ts';
import { bundleFunctions } from './runtime/bundle.ts';
import { type Dispatcher, startDispatcher } from './runtime/dispatcher.ts';
import { processInvoker } from './runtime/process-invoker.ts';
import { seedCertificate } from './seed.ts';
import { lambda } from './services/lambda.ts';
import { functionIdentity } from './wire/accounts.ts';
import type { Operations } from './wire/service.ts';
import type { Names, Pace } from './wiring.ts';

export type StageOptions = {
  readonly source: { readonly text: string; readonly config: Config };
  readonly past: readonly Past[];
  readonly foreignTxt?: { readonly name: string; readonly value: string };
  /** Another CA than the local one, validating over the cloud's DNS. */
  readonly startCa?: (given: {
    readonly dnsAddress: string;
    /** For files of its own. */
    readonly directory: string;
  }) => Promise<Directory & { close(): Promise<void> }>;
  /** A line of a function's log, as it was written. */
  readonly onLog: (functionName: string, line: string) => void;
  /** A step of the set-up. */
  readonly onStep: (step: string) => void;
};

export type Stage = {
  readonly cloud: Cloud;
  readonly config: Config;
  readonly names: Names;
  readonly dispatcher: Dispatcher;
  close(): Promise<void>;
};

/** Seconds instead of minutes, so that a whole life fits into a demonstration; everything else is real. */
const pace: Pace = {
  timeoutMs: 25 * secondMs,
  retryDelaysMs: [2 * secondMs, 5 * secondMs, 10 * secondMs],
  pollMs: 400,
  spreadMs: 8 * secondMs,
  reprobeMs: 30 * secondMs,
};

const consistency: Consistency = {
  route53InsyncMs: 1_500,
  balancerSpreadMs: [300, 1_200],
  replicationMs: 1_000,
  acmListLagMs: 500,
  acmInUseByLagMs: 500,
  elbCertificateLagMs: 700,
};

const root = fileURLToPath(new URL('..', import.meta.url));

/** Sets the stage: the cloud, what the configuration speaks of, its past, and certkeep's functions as processes. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const clock = systemClock;
  const directory = await mkdtemp(join(tmpdir(), 'certkeep-'));
  const lambdaOperations: Record<string, Operations[string]> = {};
  let isPast = true;
  const cloud = await startCloud({
    clock,
    consistency,
    lambda: lambdaOperations,
    // What the past imported, it imported one by one.
    isAcmThrottled: () => !isPast,
  });
  const ca = await options.startCa?.({
    dnsAddress: cloud.dns.address,
    directory: join(directory, 'ca'),
  });
  const { config } = await buildLandscape(
    cloud,
    options.source,
    ca ?? { directoryUrl: cloud.ca.directoryUrl, rootPem: cloud.ca.rootPem },
    clock,
    options.onStep,
  );
  const { names, wiring } = await install(cloud, config, pace);
  const bundling = bundleFunctions(wiring.functions, { root, directory });
  const authority = await createCertificateAuthority({ name: 'The Past', now: clock.now() });
  const seeding = options.past.map(async (past) => {
    await seedCertificate({ cloud, clock, config, names, authority }, past);
    options.onStep(`${past.id} was issued ${past.issuedDaysAgo} days ago, as if by certkeep`);
  });
  await Promise.all(seeding);
  if (options.foreignTxt) await putForeignTxt(cloud, config.home.region, options.foreignTxt);
  isPast = false;
  const bundles = await bundling;
  options.onStep(`${wiring.functions.length} functions bundled in ${bundles.durationMs} ms`);

  const keyOf = (name: string) => `AKIALOCAL${name.toUpperCase()}`;
  for (const { name } of wiring.functions) {
    cloud.accounts.register(keyOf(name), functionIdentity(name));
  }
  const invoker = processInvoker({
    functions: wiring.functions,
    bundles: bundles.files,
    region: config.home.region,
    credentialsOf: (name) => ({ ...operator, accessKeyId: keyOf(name) }),
    onLog: options.onLog,
  });
  cloud.faults.kill = (caller) => caller && invoker.kill(caller);
  const dispatcher = startDispatcher({
    wiring,
    invoker,
    clock,
    region: config.home.region,
    queue: (name) => cloud.sqs.queue(config.home.region, name),
    events: cloud.events,
  });
  const { functions } = wiring;
  const { invoke, invokeLater } = dispatcher;
  const api = lambda({ region: config.home.region, functions, invoke, invokeLater });
  Object.assign(lambdaOperations, api.operations);
  return {
    cloud,
    config,
    names,
    dispatcher,
    async close() {
      dispatcher.stop();
      await invoker.close();
      await ca?.close();
      await cloud.close();
      await rm(directory, { recursive: true });
    },
  };
}
