import { createCertificateAuthority } from 'local-cloud/ca/x509.ts';
import type { Cloud } from 'local-cloud/cloud.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { parse, stringify } from 'yaml';
import type { Config } from '#shared/config/config.ts';
import { parseConfig } from '#shared/config-file/parse.ts';
import { parsePlaceKey, placeKey } from '#shared/place.ts';
import type { Clock } from '#shared/time/clock.ts';
import { createAlbListener } from './landscape/balancers.ts';
import { type Builder, classicKey, inLocalAccount, listenerKey } from './landscape/builder.ts';
import { createClassic } from './landscape/classic-balancers.ts';
import { createHttpListeners } from './landscape/http-listeners.ts';
import { createSecrets } from './landscape/secrets.ts';
import { createZones } from './landscape/zones.ts';

export type Directory = { readonly directoryUrl: string; readonly rootPem: string };

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
    readonly play?: { readonly heartbeatUrl: string | null };
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
    consoleMade: new Set(source.consoleMade),
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
  for (const issuer of Object.values(local.issuers)) {
    Object.assign(issuer, { directory: ca.directoryUrl, caBundle: ca.rootPem });
    // A certificate that replaces no other one would show nothing.
    if (play) delete issuer.staging;
  }
  if (play) await createSecrets(cloud, config, play.heartbeatUrl);
  return readBack(stringify(local));
}

/** The parts that are replaced; everything else of a valid configuration stays unchanged. */
type WrittenConfig = {
  readonly home: { account: string };
  readonly issuers: Record<string, { staging?: boolean }>;
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

/** Converts through JSON, so that values shared by YAML aliases become separate. */
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

function localPlaceKey(config: Config): (key: string) => string {
  return (key) => placeKey(inLocalAccount(parsePlaceKey(key), config));
}

/** Creates every listener once, in parallel. */
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
