import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCertificateAuthority } from 'local-cloud/ca/x509.ts';
import { type Cloud, type CloudOptions, startCloud } from 'local-cloud/cloud.ts';
import { deployments } from 'local-cloud/deploy/deployments.ts';
import { functionRights } from 'local-cloud/iam/function-rights.ts';
import { startPort80 } from 'local-cloud/load-balancers/port-80.ts';
import { roleKeys } from 'local-cloud/runtime/credentials.ts';
import { type Dispatcher, startDispatcher } from 'local-cloud/runtime/dispatcher.ts';
import { processInvoker } from 'local-cloud/runtime/process-invoker.ts';
import { stageOf } from 'local-cloud/services/lambda/state.ts';
import type { Config } from '#shared/config/config.ts';
import { secondMs, systemClock } from '#shared/time/clock.ts';
import { bootstrapAll } from './bootstrap.ts';
import { consistency } from './consistency.ts';
import type { Past } from './fleet.ts';
import { putForeignTxt } from './foreign-txt.ts';
import { keepPast, type SeedPorts, servePast } from './history.ts';
import { type Installed, installedIn } from './installed.ts';
import { type ByHand, createByHand } from './landscape/by-hand.ts';
import { startHeartbeat } from './landscape/heartbeat.ts';
import { profilesOf } from './landscape/profiles.ts';
import { startStaging } from './landscape/staging.ts';
import { buildLandscape, type Directory, readBack } from './landscape.ts';
import { configFileIn, synthesize, type Timings } from './synth.ts';

export type SettingOptions = {
  readonly source: {
    readonly text: string;
    readonly config: Config;
    readonly consoleMade?: readonly string[];
  };
  readonly past: readonly Past[];
  readonly byHand?: readonly ByHand[];
  readonly foreignTxt?: { readonly name: string; readonly value: string };
  /** Starts another CA than the local one, which validates over the cloud's DNS and load balancers. */
  readonly startCa?: (given: {
    readonly dnsAddress: string;
    /** The port that represents port 80. */
    readonly httpPort: number;
    /** A directory for the CA's files. */
    readonly directory: string;
  }) => Promise<Directory & { close(): Promise<void> }>;
  /** The functions' waits, where they are others than usual here. */
  readonly timings?: Partial<Timings>;
  /** Traits of the local CA. */
  readonly ca?: CloudOptions['ca'];
  /** Receives a line of a function's log, as it was written. */
  readonly onLog: (functionName: string, line: string) => void;
  /** Receives a step of the set-up. */
  readonly onStep: (step: string) => void;
};

export type Setting = {
  readonly cloud: Cloud;
  /** As deployed last. */
  readonly config: Config;
  /** The configuration as it plays here; who edits it can have it deployed. */
  readonly configFile: string;
  readonly names: Installed;
  readonly dispatcher: Dispatcher;
  /**
   * Deploys the file as it is now, and returns what happened.
   * @throws Error with what is wrong with it
   */
  deployAgain(): Promise<string>;
  close(): Promise<void>;
};

/** Seconds instead of minutes, so that a whole lifetime fits into a demonstration. Everything else is as installed. */
const usualTimings: Timings = {
  retryDelaysMs: [2 * secondMs, 5 * secondMs, 10 * secondMs],
  pollMs: 400,
  spreadMs: 8 * secondMs,
  reprobeMs: 30 * secondMs,
};

/** Starts the cloud, the surroundings of the configuration, certkeep as `cdk deploy` installs it, and its past. */
export async function startSetting(options: SettingOptions): Promise<Setting> {
  const ending = new AsyncDisposableStack();
  try {
    return await start(options, ending);
  } catch (error) {
    await ending.disposeAsync();
    throw error;
  }
}

async function start(options: SettingOptions, ending: AsyncDisposableStack): Promise<Setting> {
  const clock = systemClock;
  const directory = await mkdtemp(join(tmpdir(), 'certkeep-'));
  ending.defer(() => rm(directory, { recursive: true }));
  const { alerts, issuers } = options.source.config;
  const cloud = await startCloud({
    clock,
    consistency,
    ca: { ...options.ca, profiles: profilesOf(issuers) },
  });
  ending.defer(cloud.close);
  const heartbeat = alerts.heartbeat && (await startHeartbeat());
  if (heartbeat) ending.defer(heartbeat.close);
  const ca = options.startCa && (await startOtherCa(options.startCa, cloud, directory, ending));
  const staging = await startStaging(cloud, options.source.config, clock, {
    profiles: profilesOf(issuers),
  });
  if (staging) ending.defer(staging.close);
  const machine = { directory, defer: (close: () => void) => ending.defer(close) };
  const { config: built, configText } = await buildLandscape(
    cloud,
    { ...options.source, play: { heartbeatUrl: heartbeat?.url ?? null, machine } },
    { ...(ca ?? directoryOf(cloud.ca)), staging: staging && directoryOf(staging) },
    clock,
    options.onStep,
  );
  let config = built;
  const installer = installerIn(directory, { ...options, cloud });
  const [names, keepPasts] = await Promise.all([
    installer.install(config, configText),
    servePasts({ ...options, cloud, clock, config }),
    createByHand({ ...options, cloud, clock, region: config.home.region }, options.byHand ?? []),
  ]);
  await keepPasts(names);

  const rights = functionRights(cloud.iam);
  const invoker = processInvoker({
    rights,
    keyOf: roleKeys(cloud.accounts),
    cloudEnvironment: {
      AWS_ENDPOINT_URL: cloud.endpoint,
      CERTKEEP_RESOLVER: cloud.dns.address,
    },
    insideEnvironment: { CERTKEEP_RESOLVER: cloud.insideDns.address },
    onLog: (deployed, line) => options.onLog(stageOf(deployed), line),
    logs: cloud.logs,
  });
  ending.defer(invoker.close);
  cloud.faults.kill = (_, run) => run && invoker.killRun(run);
  const dispatcher = startDispatcher({
    deployed: cloud,
    invoker,
    clock,
    rights,
    onProblem: options.onStep,
  });
  ending.defer(dispatcher.stop);
  return {
    cloud,
    get config() {
      return config;
    },
    configFile: installer.configFile,
    names,
    dispatcher,
    async deployAgain() {
      const text = await readFile(installer.configFile, 'utf8');
      const changed = readBack(text).config;
      await installer.install(changed, text);
      config = changed;
      return `deployed: ${changed.certificates.length} certificates`;
    },
    close: () => ending.disposeAsync(),
  };
}

function directoryOf({ directoryUrl, rootPem }: Cloud['ca']) {
  return { directoryUrl, rootPem };
}

async function startOtherCa(
  startCa: NonNullable<SettingOptions['startCa']>,
  cloud: Cloud,
  directory: string,
  ending: AsyncDisposableStack,
) {
  const port80 = await startPort80(cloud.httpPort);
  ending.defer(port80.close);
  const ca = await startCa({
    dnsAddress: cloud.dns.address,
    httpPort: port80.port,
    directory: join(directory, 'ca'),
  });
  ending.defer(ca.close);
  return ca;
}

/** Does the work of `cdk deploy --all`, and of people after it, as often as it is asked. */
function installerIn(
  directory: string,
  { cloud, onStep, timings }: Pick<SettingOptions, 'onStep' | 'timings'> & Pick<Setting, 'cloud'>,
) {
  const deployed = deployments(cloud);
  const configFile = configFileIn(directory);
  let times = 0;
  return {
    configFile,
    async install(config: Config, configText: string): Promise<Installed> {
      const startedAt = performance.now();
      times += 1;
      await writeFile(configFile, configText);
      // Code runs from its path in the assembly.
      const ownDirectory = join(directory, `deployed-${times}`);
      await mkdir(ownDirectory);
      const assembly = await synthesize({
        ...{ configText, home: config.home, directory: ownDirectory },
        timings: { ...usualTimings, ...timings },
      });
      const synthMs = Math.round(performance.now() - startedAt);
      onStep(`the app synthesized ${assembly.stacks.length} stacks in ${synthMs} ms`);
      await bootstrapAll(cloud, assembly);
      deployed.deploy(assembly);
      for (const { stackName, region, template } of assembly.stacks) {
        const count = Object.keys(template.Resources).length;
        onStep(`${stackName} deployed in ${region}: ${count} resources`);
      }
      for (const { address } of config.alerts.email) cloud.sns.confirm(address);
      return installedIn(cloud.lambda);
    },
  };
}

type Seeding = Pick<SettingOptions, 'past' | 'foreignTxt' | 'onStep'> &
  Omit<SeedPorts, 'authority'>;

/** Creates the parts of the past that need no certkeep, while the app is synthesized. */
async function servePasts(given: Seeding): Promise<(names: Installed) => Promise<void>> {
  const { clock, cloud, config } = given;
  const authority = await createCertificateAuthority({ name: 'The Past', now: clock.now() });
  const ports = { cloud, clock, config, authority };
  const served = await Promise.all(given.past.map((past) => servePast(ports, past)));
  if (given.foreignTxt) await putForeignTxt(cloud, config.home.region, given.foreignTxt);
  return async (names) => {
    await Promise.all(served.map((one) => keepPast({ ...ports, names }, one)));
    for (const { id, issuedDaysAgo } of given.past) {
      given.onStep(`${id} was issued ${issuedDaysAgo} days ago, as if by certkeep`);
    }
  };
}
