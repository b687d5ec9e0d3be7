import { ACMClient, ImportCertificateCommand } from '@aws-sdk/client-acm';
import {
  type Listener as ClassicListener,
  CreateLoadBalancerCommand as CreateClassicCommand,
  ElasticLoadBalancingClient,
} from '@aws-sdk/client-elastic-load-balancing';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import { getDomain } from 'tldts';
import { parse, stringify } from 'yaml';
import { addMs, type Clock, dayMs } from '#shared/clock.ts';
import type { CertificateConfig, Config, TargetConfig } from '#shared/config/config.ts';
import { parseConfig } from '#shared/config/parse.ts';
import { placeOf } from '#shared/deploy/places.ts';
import { untilCertificateKnown } from '#shared/deploy/targets/until-known.ts';
import type { KeyAlgorithm } from '#shared/key-algorithm.ts';
import { type Place, parsePlaceKey, placeKey } from '#shared/place.ts';
import { type CertificateAuthority, createCertificateAuthority, makeKey } from './ca/x509.ts';
import type { Cloud } from './cloud.ts';
import { createHttpListeners } from './http-landscape.ts';
import { freePort } from './load-balancers/nodes.ts';
import { operatorClient } from './operator.ts';
import { homeAccount } from './wire/accounts.ts';

export type Directory = { readonly directoryUrl: string; readonly rootPem: string };

export type Landscape = {
  /** The configuration as it runs here: local home account, listeners, ports and CA in place of its own. */
  readonly configText: string;
  readonly config: Config;
};

/**
 * Builds what a configuration speaks of: a public zone for every registered domain, and every load
 * balancer, listening on a free high port with somebody else's certificate for the same names.
 */
export async function buildLandscape(
  cloud: Cloud,
  source: { readonly text: string; readonly config: Config },
  ca: Directory,
  clock: Clock,
  onStep: (step: string) => void = () => undefined,
): Promise<Landscape> {
  const { config } = source;
  const now = clock.now();
  await createZones(cloud, config, onStep);
  const others = await createCertificateAuthority({ name: 'Somebody Else', now });
  const builder = {
    cloud,
    config,
    others,
    clock,
    onStep,
    listeners: new Map(),
    balancers: new Map(),
  };
  const local = writtenConfig(source.text);
  local.home.account = homeAccount;
  await createListeners(builder);
  for (const certificate of config.certificates) {
    for (const [index, target] of certificate.targets.entries()) {
      const written = local.certificates[certificate.id]?.targets?.[index] ?? {};
      Object.assign(written, builder.listeners.get(listenerKey(builder, target)));
    }
  }
  if (local.retired) local.retired = { places: config.retired.places.map(localPlaceKey(config)) };
  const httpListeners = await createHttpListeners(builder);
  // Every zone is at the local Route 53, and found by its name there.
  local.solvers = local.solvers.map(({ selector, cnameStrategy, listener, rule, priority }) => ({
    ...(listener === undefined
      ? { type: 'route53' }
      : { type: 'alb-http01', listener: httpListeners.get(listener) ?? listener }),
    ...(rule && { rule }),
    ...(priority && { priority }),
    ...(cnameStrategy && { cnameStrategy }),
    ...(selector && { selector }),
  }));
  for (const issuer of Object.values(local.issuers)) {
    Object.assign(issuer, { directory: ca.directoryUrl, caBundle: ca.rootPem });
  }
  return readBack(stringify(local));
}

/** The parts that are replaced; what a valid configuration holds besides goes through unchanged. */
type WrittenConfig = {
  readonly home: { account: string };
  readonly issuers: Record<string, object>;
  solvers: {
    readonly type: string;
    readonly selector?: object;
    readonly cnameStrategy?: string;
    readonly listener?: string;
    readonly rule?: string;
    readonly priority?: number;
  }[];
  readonly certificates: Record<string, { targets?: object[] }>;
  retired?: { readonly places: readonly string[] };
};

/** By way of JSON, so that what YAML aliases share is no longer shared. */
function writtenConfig(text: string): WrittenConfig {
  return JSON.parse(JSON.stringify(parse(text)));
}

export function readBack(configText: string): Landscape {
  const parsed = parseConfig(configText);
  if (parsed.ok) return { configText, config: parsed.config };
  throw new Error(
    `local: ${parsed.problems.map(({ path, message }) => `${path} ${message}`).join('; ')}`,
  );
}

async function createZones(
  cloud: Cloud,
  config: Config,
  onStep: (step: string) => void,
): Promise<void> {
  const route53 = new Route53Client(operatorClient(cloud, config.home.region));
  const names = config.certificates.flatMap((certificate) => certificate.names);
  const domains = new Set(
    names.map((name) => getDomain(name.replace(/^\*\./, ''), { allowPrivateDomains: true })),
  );
  for (const domain of domains) {
    if (domain === null) continue;
    await route53.send(new CreateHostedZoneCommand({ Name: domain, CallerReference: domain }));
    onStep(`zone ${domain}`);
  }
}

export type Builder = {
  readonly cloud: Cloud;
  readonly config: Config;
  readonly others: CertificateAuthority;
  readonly clock: Clock;
  readonly onStep: (step: string) => void;
  /** Listener of the configuration to the local one. */
  readonly listeners: Map<string, Found>;
  readonly balancers: Map<string, Promise<string>>;
};

type AlbTarget = TargetConfig & { readonly type: 'alb' };
type ClassicTarget = TargetConfig & { readonly type: 'clb' };

type Found = { readonly listener: string } | { readonly port: number; readonly account: string };

/** Where a target is to stand here: what is at home, in the local home account. */
function localPlace({ config }: Builder, target: TargetConfig): Place {
  return inLocalAccount(placeOf(target, config.home), config);
}

/** The balancer of a listener, made the first time that one of its listeners is. */
export function balancerOf(
  { balancers }: Builder,
  elb: ElasticLoadBalancingV2Client,
  account: string,
  listenerArn: string,
): Promise<string> {
  const [, , name = 'alb', id = ''] = listenerArn.split('/');
  const key = `${account} ${id}`;
  const balancer = balancers.get(key) ?? createBalancer(elb, name);
  balancers.set(key, balancer);
  return balancer;
}

function localPlaceKey(config: Config): (key: string) => string {
  return (key) => placeKey(inLocalAccount(parsePlaceKey(key), config));
}

export function inLocalAccount({ account, region }: Place, { home }: Config): Place {
  return { account: account === home.account ? homeAccount : account, region };
}

/** Every listener once, side by side. */
async function createListeners(builder: Builder): Promise<void> {
  const begun = new Set<string>();
  const work: Promise<void>[] = [];
  for (const certificate of builder.config.certificates) {
    for (const target of certificate.targets) {
      const key = target.type === 'alb' ? target.listener : classicKey(builder, target);
      if (begun.has(key)) continue;
      begun.add(key);
      work.push(
        target.type === 'alb'
          ? createAlbListener(builder, target, certificate)
          : createClassic(builder, target),
      );
    }
  }
  await Promise.all(work);
}

async function createAlbListener(
  builder: Builder,
  target: AlbTarget,
  certificate: CertificateConfig,
): Promise<void> {
  const place = localPlace(builder, target);
  const names = replacedNames(builder.config, target, certificate);
  const arn = await importOther(builder, place, names, 'ecdsa-p256');
  const listener = await createListener(builder, place, target.listener, arn);
  builder.listeners.set(listenerKey(builder, target), { listener });
}

function classicKey(builder: Builder, target: ClassicTarget): string {
  return `${placeKey(localPlace(builder, target))} ${target.loadBalancer}`;
}

function listenerKey(builder: Builder, target: TargetConfig): string {
  return target.type === 'alb' ? target.listener : `${classicKey(builder, target)} ${target.port}`;
}

/** A default that is to be replaced stands for the same names; one beside an SNI list for its own. */
function replacedNames(config: Config, target: AlbTarget, certificate: CertificateConfig) {
  if (target.certificate === 'default') return certificate.names;
  const owner = config.certificates.find(({ targets }) =>
    targets.some(
      (other) =>
        other.type === 'alb' &&
        other.listener === target.listener &&
        other.certificate === 'default',
    ),
  );
  return owner?.names ?? ['placeholder.invalid'];
}

async function importOther(
  builder: Builder,
  place: Place,
  names: readonly string[],
  key: KeyAlgorithm,
): Promise<string> {
  const { cloud, clock, others } = builder;
  const { publicKey, keyPem } = makeKey(key);
  const issued = await others.issue({
    names,
    publicKey,
    notBefore: addMs(clock.now(), -30 * dayMs),
    notAfter: addMs(clock.now(), 60 * dayMs),
  });
  return importCertificate(cloud, place, { ...issued, keyPem });
}

/** As a person would by hand, waiting where ACM takes only one import a second. */
export async function importCertificate(
  cloud: Cloud,
  { region, account }: Place,
  material: { certificatePem: string; chainPem: string; keyPem: string },
  tags: Readonly<Record<string, string>> = {},
): Promise<string> {
  const acm = new ACMClient({ ...operatorClient(cloud, region, account), maxAttempts: 8 });
  const { CertificateArn } = await acm.send(
    new ImportCertificateCommand({
      Certificate: Buffer.from(material.certificatePem),
      CertificateChain: Buffer.from(material.chainPem),
      PrivateKey: Buffer.from(material.keyPem),
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
  return CertificateArn ?? '';
}

async function createListener(
  builder: Builder,
  { region, account }: Place,
  listenerArn: string,
  certificateArn: string,
): Promise<string> {
  const elb = new ElasticLoadBalancingV2Client(operatorClient(builder.cloud, region, account));
  const [, , name = 'alb'] = listenerArn.split('/');
  const LoadBalancerArn = await balancerOf(builder, elb, account, listenerArn);
  return whileTaken(async () => {
    const port = await freePort();
    const command = new CreateListenerCommand({
      LoadBalancerArn,
      Protocol: 'HTTPS',
      Port: port,
      Certificates: [{ CertificateArn: certificateArn }],
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }],
    });
    const { Listeners } = await untilCertificateKnown(builder.clock, () => elb.send(command));
    builder.onStep(`load balancer ${name} listens on port ${port}`);
    return Listeners?.[0]?.ListenerArn ?? '';
  });
}

const mostTries = 5;

/** Again with another port where some program took it between our looking and our listening. */
async function whileTaken<T>(listen: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await listen();
    } catch (error) {
      if ((error as Error).name !== 'PortTaken' || tries >= mostTries) throw error;
    }
  }
}

async function createBalancer(elb: ElasticLoadBalancingV2Client, Name: string): Promise<string> {
  const { LoadBalancers } = await elb.send(new CreateLoadBalancerCommand({ Name }));
  return LoadBalancers?.[0]?.LoadBalancerArn ?? '';
}

/** A Classic ELB is created with all the listeners that the configuration names. */
async function createClassic(builder: Builder, classic: ClassicTarget): Promise<void> {
  const place = localPlace(builder, classic);
  /** Listener to the certificate of somebody else there. */
  const others = new Map<string, string>();
  for (const certificate of builder.config.certificates) {
    for (const target of certificate.targets) {
      if (target.type !== 'clb') continue;
      if (classicKey(builder, target) !== classicKey(builder, classic)) continue;
      const key = listenerKey(builder, target);
      if (!others.has(key))
        others.set(key, await importOther(builder, place, certificate.names, 'rsa-2048'));
    }
  }
  const { region, account } = place;
  const elb = new ElasticLoadBalancingClient(operatorClient(builder.cloud, region, account));
  await whileTaken(async () => {
    const Listeners: ClassicListener[] = [];
    for (const [key, SSLCertificateId] of others) {
      const LoadBalancerPort = await freePort();
      Listeners.push({ Protocol: 'HTTPS', LoadBalancerPort, InstancePort: 80, SSLCertificateId });
      builder.listeners.set(key, { port: LoadBalancerPort, account });
    }
    const command = new CreateClassicCommand({ LoadBalancerName: classic.loadBalancer, Listeners });
    await untilCertificateKnown(builder.clock, () => elb.send(command));
    for (const { LoadBalancerPort } of Listeners) {
      builder.onStep(`classic load balancer ${classic.loadBalancer} on port ${LoadBalancerPort}`);
    }
  });
}
