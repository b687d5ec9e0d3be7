import { probedPlaces } from '#shared/config/accounts.ts';
import type { Config } from '#shared/config/config.ts';
import { placeKey } from '#shared/place.ts';
import { isSame, textOf } from './affected.ts';
import type { Difference } from './difference.ts';

/** What changes for the installation itself, a line for each. */
export function installationDifferences(deployed: Config, wanted: Config): readonly Difference[] {
  return [
    ...entryDifferences('replicas', [deployed.replicas, wanted.replicas], {
      added: 'it gets copies of all keys and certificates; bootstrap the region first',
      removed: 'the copies there stay as they are: docs/removal.md says how to remove them',
    }),
    ...entryDifferences('alerts.email', [addresses(deployed), addresses(wanted)], {
      added: 'AWS asks the address to confirm before it gets anything',
      removed: 'it gets no more messages',
    }),
    ...entryDifferences('retired.places', [deployed.retired.places, wanted.retired.places], {
      added: 'certkeep deletes its certificates there once nothing uses them',
      removed: 'certkeep loses its rights there',
    }),
    ...entryDifferences('retired.solvers', [retiredIn(deployed), retiredIn(wanted)], {
      added: 'certkeep may clean up there, and proves no name',
      removed: 'certkeep may not clean up there any more',
    }),
    // The key for new secrets has a line of its own.
    ...entryDifferences(
      'retired.kmsKeys',
      [[...keysOf(deployed), ...newKey(wanted)], keysOf(wanted)],
      {
        added: 'certkeep may use it for the secrets that are encrypted with it',
        removed:
          'certkeep loses its right to the key: renewals fail where a secret is encrypted with it',
      },
    ),
    ...settings.flatMap(({ effect, key, read }): readonly Difference[] => {
      const [before, after] = [read(deployed, wanted), read(wanted, deployed)];
      if (isSame(before, after)) return [];
      const text = `${shown(before)} → ${shown(after)}`;
      return [
        { ...{ sign: '~', kind: 'installation', certificates: [], what: key }, text, effect },
      ];
    }),
  ];
}

type Setting = {
  readonly key: string;
  readonly effect: string;
  readonly read: (config: Config, other: Config) => unknown;
};

const settings: readonly Setting[] = [
  {
    key: 'installation',
    effect: 'another installation beside this one, which goes on until it is destroyed',
    read: ({ installation }) => installation,
  },
  {
    key: 'home',
    effect: 'another installation beside this one, which goes on until it is destroyed',
    read: ({ home }) => `${home.account}/${home.region}`,
  },
  {
    key: 'alerts.email',
    effect: 'an address chooses other messages; AWS takes up to 15 minutes',
    read: choices,
  },
  {
    key: 'alerts.expiringDays',
    effect: 'from the next check on',
    read: ({ alerts }) => alerts.expiringDays.join(', '),
  },
  { key: 'alerts.snsTopic', effect: '', read: ({ alerts }) => alerts.snsTopic },
  { key: 'alerts.snsTopicKey', effect: '', read: ({ alerts }) => alerts.snsTopicKey },
  { key: 'alerts.digest', effect: '', read: ({ alerts }) => alerts.digest },
  { key: 'alerts.runbook', effect: '', read: ({ alerts }) => alerts.runbook },
  {
    key: 'alerts.heartbeat',
    effect: 'from the next check on',
    read: ({ alerts }) => alerts.heartbeat?.secret,
  },
  {
    key: 'keyStore.kmsKey',
    effect: 'for new secrets; those that are there keep their key until you change it',
    read: ({ keyStore }) => keyStore?.kmsKey,
  },
  {
    key: 'places',
    effect: 'a place with a probe has a stack of its own; the stack of one that leaves stays',
    read: (config) =>
      probedPlaces(config)
        .map(({ place, probe }) => {
          const { securityGroups, subnets } = probe;
          return `${placeKey(place)} from ${[...subnets, ...securityGroups].join(', ')}`;
        })
        .join('; '),
  },
  {
    key: 'concurrency',
    effect: 'the account must allow three more executions than their sum',
    read: ({ concurrency: { deploy, issue, verify } }) =>
      `issue ${issue}, deploy ${deploy}, verify ${verify}`,
  },
  {
    key: 'externalId',
    effect: 'the roles of certkeep in other accounts ask for it: deploy all stacks together',
    read: ({ externalId }) => externalId,
  },
  {
    key: 'breakGlassRole',
    effect: 'only that role may write into the buckets besides certkeep',
    read: ({ breakGlassRole }) => breakGlassRole,
  },
];

function retiredIn({ retired }: Config): readonly string[] {
  return retired.solvers.map((each) => `${each.type} ${textOf(each)}`);
}

/** Those to which certkeep has rights. */
function keysOf(config: Config): readonly string[] {
  return [...newKey(config), ...(config.retired.kmsKeys ?? [])];
}

function newKey({ keyStore }: Config): readonly string[] {
  return keyStore?.kmsKey ? [keyStore.kmsKey] : [];
}

function shown(value: unknown): string {
  return value === undefined || value === '' ? 'none' : String(value);
}

function addresses({ alerts }: Config): readonly string[] {
  return alerts.email.map(({ address }) => address);
}

/** Only of addresses that stay: the others have a line of their own. */
function choices({ alerts }: Config, other: Config): string {
  const staying = alerts.email.filter(({ address }) => addresses(other).includes(address));
  return staying
    .filter(({ owners, severities }) => owners || severities)
    .map(({ address, owners = [], severities = [] }) => {
      return `${address} (${[...owners, ...severities].join(', ')})`;
    })
    .join('; ');
}

function entryDifferences(
  what: string,
  [before, after]: readonly [readonly string[], readonly string[]],
  effects: { readonly added: string; readonly removed: string },
): readonly Difference[] {
  const base = { kind: 'installation', certificates: [], what } as const;
  return [
    ...after
      .filter((each) => !before.includes(each))
      .map((text): Difference => ({ ...base, sign: '+', text, effect: effects.added })),
    ...before
      .filter((each) => !after.includes(each))
      .map((text): Difference => ({ ...base, sign: '-', text, effect: effects.removed })),
  ];
}
