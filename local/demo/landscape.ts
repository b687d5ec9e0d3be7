import { createCertificateAuthority } from 'local-cloud/ca/x509.ts';
import type { Cloud } from 'local-cloud/cloud.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { parse, stringify } from 'yaml';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { certificatesOf, targetFor } from '#shared/config-file/keys-of-entry.ts';
import { parseConfig } from '#shared/config-file/parse.ts';
import { certificateSchema, targetSchema } from '#shared/config-file/schema.ts';
import { parsePlaceKey, placeKey } from '#shared/place.ts';
import { hasList } from '#shared/targets/elbv2/facts.ts';
import type { TargetConfig } from '#shared/targets/specs.ts';
import type { Clock } from '#shared/time/clock.ts';
import { createTlsListener } from './landscape/balancers.ts';
import {
  type AcmTarget,
  acmKey,
  type Builder,
  classicKey,
  distributionKey,
  domainKey,
  filesKey,
  inLocalAccount,
  listenerKey,
  localPlace,
  type Machine,
} from './landscape/builder.ts';
import { createClassic } from './landscape/classic-balancers.ts';
import { createConsumer } from './landscape/consumers.ts';
import { createDistribution } from './landscape/distributions.ts';
import { createDomainName } from './landscape/domain-names.ts';
import { createHost } from './landscape/hosts.ts';
import { createHttpListeners } from './landscape/http-listeners.ts';
import { createOwnKey } from './landscape/own-key.ts';
import { createOwnTopic } from './landscape/own-topic.ts';
import { createSecrets } from './landscape/secrets.ts';
import { rehearsable } from './landscape/staging.ts';
import { createZones } from './landscape/zones.ts';

type OneDirectory = { readonly directoryUrl: string; readonly rootPem: string };

export type Directory = OneDirectory & {
  /** The CA that stands in for staging directories. */
  readonly staging?: OneDirectory | null;
};

export type Landscape = {
  /** The configuration as it runs here, with the local home account, listeners, ports and CA. */
  readonly configText: string;
  readonly config: Config;
};

/**
 * Builds the surroundings of a configuration: a public zone for every registered domain, and every load balancer, which
 * listens on a free high port with somebody else's certificate for the same names.
 */
export async function buildLandscape(
  cloud: Cloud,
  source: {
    readonly text: string;
    readonly config: Config;
    /** Listeners of the configuration that are created as the AWS console creates them. */
    readonly consoleMade?: readonly string[];
    /**
     * To show any configuration: what its owner has elsewhere is made up, with this address for the heartbeat, and what would
     * show nothing here is left out.
     */
    readonly play?: { readonly heartbeatUrl: string | null; readonly machine: Machine };
  },
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
    nodes: new Map(),
    machine: source.play?.machine ?? null,
    aliases: new Set<string>(),
    consoleMade: new Set(source.consoleMade),
  };
  const local = writtenConfig(source.text);
  local.home.account = homeAccount;
  if (local.alerts) Object.assign(local.alerts, await createOwnTopic(cloud, config));
  const ownKey = createOwnKey(cloud, config);
  if (ownKey) local.keyStore = { kmsKey: ownKey };
  await createListeners(builder);
  for (const [entry, { key, targets = [] }] of Object.entries(local.certificates)) {
    for (const written of targets) {
      const { target, id } = boundBy(entry, key, written);
      Object.assign(written, builder.listeners.get(keyOf(builder, target, id)));
    }
  }
  for (const { rollout } of [local, ...Object.values(local.certificates)]) {
    if (rollout?.first) rollout.first = rollout.first.map(localPlaceKey(config));
  }
  if (local.places) {
    const places = Object.entries(local.places);
    local.places = Object.fromEntries(
      places.map(([key, place]) => [localPlaceKey(config)(key), place]),
    );
  }
  if (typeof local.discovery === 'object' && local.discovery.places) {
    local.discovery.places = local.discovery.places.map(localPlaceKey(config));
  }
  // Nothing was ever encrypted with a key of before.
  if (local.retired) local.retired = { places: config.retired.places.map(localPlaceKey(config)) };
  const httpListeners = await createHttpListeners(builder);
  const { play } = source;
  // Every zone is at the local Route 53, which finds it by name.
  local.solvers = local.solvers.map(({ selector, cnameStrategy, listener, rule, priority }) => ({
    ...(listener === undefined
      ? { type: 'route53' }
      : { type: 'alb-http01', listener: httpListeners.get(listener) ?? listener }),
    ...(rule && { rule }),
    ...(priority && { priority }),
    // Nobody has made a CNAME to follow.
    ...(cnameStrategy && !play && { cnameStrategy }),
    ...(selector && { selector }),
  }));
  const { staging } = ca;
  const rehearsing = staging ? rehearsable(config) : [];
  for (const [name, issuer] of Object.entries(local.issuers)) {
    Object.assign(issuer, { directory: ca.directoryUrl, caBundle: ca.rootPem });
    if (staging && rehearsing.includes(name)) {
      issuer.rehearsal = { ...issuer.rehearsal, directory: staging.directoryUrl };
      issuer.caBundle = `${ca.rootPem}${staging.rootPem}`;
    } else {
      delete issuer.rehearsal;
    }
    // A certificate that replaces no other one would show nothing.
    if (play) delete issuer.staging;
  }
  if (play) await createSecrets(cloud, config, play.heartbeatUrl);
  return readBack(stringify(local));
}

function keyOf(builder: Builder, target: TargetConfig, certificate: string): string {
  if (target.type === 'acm') return acmKey(builder, target, certificate);
  if (target.type === 'cloudfront') return distributionKey(builder, target);
  if (target.type === 'api-gateway') return domainKey(builder, target);
  if (target.type === 'files') return filesKey(builder, target, certificate);
  return listenerKey(builder, target);
}

/** The target as it is read, and the first certificate of the entry that has it. */
function boundBy(entry: string, writtenKey: unknown, written: object) {
  const keys = certificateSchema.shape.key.parse(writtenKey);
  const target = targetSchema.parse(written);
  const owner = certificatesOf(entry, keys).find(({ key }) => targetFor(target, key, keys));
  return { target, id: owner?.id ?? entry };
}

type WithRollout = { readonly rollout?: { first?: readonly string[] } };

/** The parts that are replaced; everything else of a valid configuration stays unchanged. */
type WrittenConfig = WithRollout & {
  places?: Record<string, unknown>;
  readonly discovery?: string | { places?: readonly string[] };
  readonly home: { account: string };
  readonly alerts?: object;
  keyStore?: { readonly kmsKey: string };
  readonly issuers: Record<string, { staging?: boolean; rehearsal?: object; caBundle?: string }>;
  solvers: {
    readonly type: string;
    readonly selector?: object;
    readonly cnameStrategy?: string;
    readonly listener?: string;
    readonly rule?: string;
    readonly priority?: number;
  }[];
  readonly certificates: Record<
    string,
    { readonly key?: unknown; readonly targets?: object[] } & WithRollout
  >;
  retired?: { readonly places: readonly string[] };
};

/**
 * Converts through JSON, so that values shared by YAML aliases become separate. That no key stands twice was checked when the
 * configuration was read; the parser would compare each certificate with all others.
 */
function writtenConfig(text: string): WrittenConfig {
  return JSON.parse(JSON.stringify(parse(text, { uniqueKeys: false })));
}

export function readBack(configText: string): Landscape {
  const parsed = parseConfig(configText);
  if (parsed.ok) return { configText, config: parsed.config };
  throw new Error(
    `local: ${parsed.problems.map(({ path, message }) => `${path} ${message}`).join('; ')}`,
  );
}

function localPlaceKey(config: Config): (key: string) => string {
  return (key) => {
    const place = parsePlaceKey(key);
    return placeKey({ ...place, ...inLocalAccount(place, config) });
  };
}

/** Whom to ask is here, where somebody is to be asked. */
async function createAcm(
  builder: Builder,
  target: AcmTarget,
  certificate: CertificateConfig,
): Promise<void> {
  if (target.probe !== undefined) return createConsumer(builder, target, certificate);
  const { account } = localPlace(builder, target);
  builder.listeners.set(acmKey(builder, target, certificate.id), { probe: undefined, account });
}

function created(
  builder: Builder,
  target: Exclude<TargetConfig, AcmTarget>,
  certificate: CertificateConfig,
): Promise<void> {
  if (hasList(target)) return createTlsListener(builder, target, certificate);
  if (target.type === 'cloudfront') return createDistribution(builder, target, certificate);
  if (target.type === 'api-gateway') return createDomainName(builder, target, certificate);
  if (target.type === 'files') return createHost(builder, target, certificate);
  return createClassic(builder, target);
}

/** Creates every listener once, in parallel. */
async function createListeners(builder: Builder): Promise<void> {
  const begun = new Set<string>();
  const work: Promise<void>[] = [];
  for (const certificate of builder.config.certificates) {
    for (const target of certificate.targets) {
      if (target.type === 'acm') {
        work.push(createAcm(builder, target, certificate));
        continue;
      }
      const key =
        target.type === 'clb'
          ? classicKey(builder, target)
          : keyOf(builder, target, certificate.id);
      if (begun.has(key)) continue;
      begun.add(key);
      work.push(created(builder, target, certificate));
    }
  }
  await Promise.all(work);
}
