import { foundationPermissions } from '#shared/adapters/permissions.ts';
import { snsSpec } from '#shared/channels/sns/spec.ts';
import { watchersOf } from '#shared/check/observations/watchers.ts';
import { listenerSolvers, otherAccounts } from '#shared/config/accounts.ts';
import type { Config } from '#shared/config/config.ts';
import {
  retiredServerCertificatePermissions,
  serverCertificatePermissions,
} from '#shared/deploy/import/iam/permissions.ts';
import {
  insidePermissions,
  placePermissions,
  reachPermissions,
  retiredPlacePermissions,
} from '#shared/deploy/permissions.ts';
import { discoveryPermissions } from '#shared/discovery/permissions.ts';
import type { FunctionName } from '#shared/installation.ts';
import { everyAccountOf } from '#shared/issuers/rehearsal.ts';
import { issuerSpecs } from '#shared/issuers/specs.ts';
import { keyInRegion } from '#shared/keystores/key-in-region.ts';
import { secretsManagerSpec } from '#shared/keystores/secrets-manager/spec.ts';
import { networkKey, type Place, placeKey } from '#shared/place.ts';
import { domainOf, partitionOf } from '#shared/region.ts';
import type { Permission } from '#shared/schema/plugin.ts';
import { listenerParts } from '#shared/solvers/alb-http01/listener-arn.ts';
import { albHttp01Spec, answeringPermissions } from '#shared/solvers/alb-http01/spec.ts';
import { solverFacts } from '#shared/solvers/facts.ts';
import { solverSpecs } from '#shared/solvers/specs.ts';
import {
  boundPlacesOfAll,
  hasTurns,
  permissionValuesOf,
  placeOf,
} from '#shared/targets/identities.ts';
import type { TargetConfig } from '#shared/targets/specs.ts';
import { targetSpecs } from '#shared/targets/specs.ts';
import type { TargetSpec } from '#shared/targets/target.ts';
import { stagesOf } from './function-stages.ts';
import { placesIn, retiredPlacesIn, targetAccounts } from './places.ts';
import { attachPermissions, runtimePermissions } from './runtime.ts';
import { filled, merged, type Statement, type Values } from './statement.ts';

/** Values in the roles' rights that are not in the configuration. */
export type Surroundings = {
  readonly keyArn: string;
  /** The ARN of the key's replica in a region. */
  readonly replicaKeyArn: (region: string) => string;
  readonly configBucket: string;
};

/** A permission with the values of its placeholders. */
type Need = { readonly permission: Permission; readonly values: Values };

/** The rights of a function's role beyond its wiring, each with its reason. */
export function functionRights(
  name: FunctionName,
  config: Config,
  surroundings: Surroundings,
): readonly Statement[] {
  const home = homeValues(config, surroundings);
  const everywhere = [
    ...foundationPermissions,
    ...reachPermissions,
    ...secretsManagerSpec.permissions,
    ...snsSpec.permissions,
  ];
  return statementsFor(name, [
    ...everywhere.map((permission) => ({ permission, values: home })),
    ...runtimePermissions(name, hasTurns(config)).map((permission) => ({
      permission,
      values: home,
    })),
    ...issuerNeeds(config, home),
    ...solverNeeds(config, home),
    ...accountNeeds(config, config.home.account),
  ]);
}

/** The rights of a role in another account, which the function assumes. */
export function placeRights(
  name: FunctionName,
  config: Config,
  account: string,
): readonly Statement[] {
  return statementsFor(name, accountNeeds(config, account));
}

/** The rights of the role that creates listener rules in an account. It is no function's own role; issue assumes it. */
export function listenerRights(config: Config, account: string): readonly Statement[] {
  const needs = listenerSolvers(config)
    .map((solver) => ({ solver, place: listenerParts(solver.listener) }))
    .filter(({ place }) => place.account === account)
    .flatMap(({ solver, place }) =>
      albHttp01Spec.rolePermissions.map((permission) => ({
        permission,
        values: { ...valuesAt(config, place), ...solverFacts(solver).permissionValues(solver) },
      })),
    );
  return statementsFor('issue', needs);
}

/** The rights of the function inside of the network of a place: none that its code could use but to write its log. */
export function insideRights(config: Config, place: Place): readonly Statement[] {
  const values = valuesAt(config, place);
  return attachPermissions
    .map((permission) => filled(permission, values))
    .filter((statement) => statement !== null);
}

/** The rights of the function behind permanent rules, which is separate from the other six. */
export function challengeRights(config: Config, surroundings: Surroundings): readonly Statement[] {
  const accountKey = everyAccountOf(config);
  const values = { ...homeValues(config, surroundings), accountKey };
  return answeringPermissions
    .map((permission) => filled(permission, values))
    .filter((statement) => statement !== null);
}

function statementsFor(name: FunctionName, needs: readonly Need[]): readonly Statement[] {
  const stages = stagesOf[name];
  return merged(
    needs
      .filter(({ permission }) => permission.stages.some((stage) => stages.includes(stage)))
      .map(({ permission, values }) => filled(permission, values))
      .filter((statement) => statement !== null),
  );
}

function homeValues(config: Config, surroundings: Surroundings): Values {
  return {
    ...valuesAt(config, config.home),
    key: [surroundings.keyArn],
    replica: config.replicas,
    firstReplica: config.replicas.slice(0, 1),
    topicElsewhere: topicsElsewhere(config),
    ...ownTopicValues(config),
    ...ownKeyValues(config),
    heartbeat: config.alerts.heartbeat ? [config.alerts.heartbeat.secret] : [],
    replicaKey: config.replicas.map(surroundings.replicaKeyArn),
    configBucket: [surroundings.configBucket],
    discovery: config.discovery ? [config.discovery.mode] : [],
    placeAccount: otherAccounts(config),
    targetAccount: targetAccounts(config),
  };
}

/** Those of before, too: secrets keep the key with which they were made. */
function ownKeyValues({ keyStore, replicas, retired }: Config): Values {
  const ownKey = [...(keyStore?.kmsKey ? [keyStore.kmsKey] : []), ...(retired.kmsKeys ?? [])];
  const withReplicas = ownKey.filter((key) => key.includes(':key/mrk-'));
  return {
    ownKey,
    ownReplicaKey: replicas.flatMap((region) =>
      withReplicas.map((key) => keyInRegion(key, region)),
    ),
  };
}

function ownTopicValues({ alerts: { snsTopic, snsTopicKey } }: Config): Values {
  return {
    ownTopic: snsTopic ? [snsTopic] : [],
    ownTopicKey: snsTopicKey ? [snsTopicKey] : [],
    ownTopicRegion: snsTopic ? [snsTopic.split(':')[3] ?? ''] : [],
  };
}

/** The ARNs of the topics outside of the home region that check looks at. */
function topicsElsewhere(config: Config): readonly string[] {
  const { account, region: home } = config.home;
  return watchersOf(config)
    .topics.filter(({ region }) => region !== home)
    .map(({ name, region }) => `arn:${partitionOf(region)}:sns:${region}:${account}:${name}`);
}

function valuesAt({ home, installation }: Config, { account, region }: Place): Values {
  return {
    partition: [partitionOf(region)],
    // No AWS page says whether kms:ViaService ends with the partition's own domain or the usual one, so both are allowed.
    urlSuffix: [...new Set([domainOf(region), 'amazonaws.com'])],
    account: [account],
    region: [region],
    installation: [installation],
    homeAccount: [home.account],
    homeRegion: [home.region],
  };
}

function issuerNeeds({ issuers }: Config, home: Values): readonly Need[] {
  return Object.values(issuers).flatMap((issuer) =>
    issuerSpecs[issuer.type].permissions.map((permission) => ({
      permission,
      values: {
        ...home,
        externalAccount: [issuer, issuer.rehearsal].flatMap(
          (each) => each?.externalAccountBinding?.secret ?? [],
        ),
      },
    })),
  );
}

/** Includes retired solvers, which still clean up. A permission that several solvers need appears once, with the values of all. */
function solverNeeds({ solvers, retired }: Config, home: Values): readonly Need[] {
  const valuesOf = new Map<Permission, Values[]>();
  for (const solver of [...solvers, ...retired.solvers]) {
    const values = solverFacts(solver).permissionValues(solver);
    for (const permission of solverSpecs[solver.type].permissions) {
      const known = valuesOf.get(permission);
      if (known) known.push(values);
      else valuesOf.set(permission, [values]);
    }
  }
  return [...valuesOf].map(([permission, values]) => ({
    permission,
    values: { ...home, ...united(values) },
  }));
}

/** Unites values in lists. No permission uses two of these placeholders at once, so no unwanted combination arises. */
function united(each: readonly Values[]): Values {
  const all = new Map<string, Set<string>>();
  for (const [name, values] of each.flatMap((one) => Object.entries(one))) {
    const known = all.get(name) ?? new Set();
    all.set(name, known);
    for (const value of values) known.add(value);
  }
  return Object.fromEntries([...all].map(([name, values]) => [name, [...values]]));
}

function accountNeeds(config: Config, account: string): readonly Need[] {
  return [
    ...placesIn(config, account).flatMap((place) => placeNeeds(config, place)),
    ...retiredPlacesIn(config, account).flatMap((place) => retiredPlaceNeeds(config, place)),
  ];
}

function retiredPlaceNeeds(config: Config, place: Place): readonly Need[] {
  const values = valuesAt(config, place);
  const permissions = place.store ? retiredServerCertificatePermissions : retiredPlacePermissions;
  return permissions.map((permission) => ({ permission, values }));
}

/** The rights at the store of a place. */
function permissionsOf({ store }: Place): readonly Permission[] {
  return store ? serverCertificatePermissions : placePermissions;
}

function placeNeeds(config: Config, place: Place): readonly Need[] {
  const here = valuesAt(config, place);
  const isHere = (target: TargetConfig) =>
    placeKey(placeOf(target, config.home)) === placeKey(place);
  const certificates = config.certificates.filter(({ targets }) => targets.some(isHere));
  const isBound = boundPlacesOfAll(config).includes(placeKey(place));
  return [
    ...(isBound ? permissionsOf(place) : []).map((permission) => ({ permission, values: here })),
    ...(config.places?.[networkKey(place)]?.probe ? insidePermissions : []).map((permission) => ({
      permission,
      values: here,
    })),
    ...taggedNeeds(config, place),
    ...certificates
      .flatMap(({ targets }) => targets.filter(isHere))
      .flatMap((target) =>
        targetSpecs[target.type].permissions.map((permission) => ({
          permission,
          values: { ...here, ...namedBy(target), ...ownValues(target, config.home) },
        })),
      ),
  ];
}

/** Some are asked for by functions too, and stand in the facts. */
function ownValues(target: TargetConfig, home: Place): Values {
  if (target.type !== 'files') return permissionValuesOf(target, home);
  return targetSpecs.files.permissionValues(target, placeOf(target, home));
}

/** For what is found there by its tag, whose names nobody knows yet. */
function taggedNeeds(config: Config, place: Place): readonly Need[] {
  if (!config.discovery?.places.includes(placeKey(place))) return [];
  const values = valuesAt(config, place);
  const kinds: readonly TargetSpec[] = Object.values(targetSpecs);
  const found = kinds
    .filter(({ type }) => type !== 'cloudfront' || place.region === regionOfCloudFront)
    .flatMap(({ whenTagged = [] }) => whenTagged);
  return [...discoveryPermissions, ...found].map((permission) => ({ permission, values }));
}

/** Distributions are found there, and take their certificates from there. */
const regionOfCloudFront = 'us-east-1';

/** The text fields of a target: `{listener}`, `{loadBalancer}`. */
function namedBy(target: TargetConfig): Values {
  const texts = Object.entries(target).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(texts.map(([name, value]) => [name, [String(value)]]));
}
