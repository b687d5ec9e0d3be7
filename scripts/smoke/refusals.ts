import type { Config } from '#shared/config/config.ts';
import { functionName } from '#shared/installation.ts';
import { knownDirectory } from '#shared/issuers/acme/directories.ts';
import { isStaging } from '#shared/issuers/staging.ts';
import { hasList } from '#shared/targets/elbv2/facts.ts';
import type { Account, Listener } from './account.ts';
import { smokePrefix, smokeTag } from './left.ts';
import type { SmokeOptions } from './smoke-options.ts';

/** Explains why the trial touches nothing: what, where, and what to do instead. */
export type Refusal = {
  readonly path: string;
  readonly value: string;
  readonly problem: string;
  readonly fix: string;
};

type Look = Pick<Account, 'identity' | 'installed' | 'listener' | 'namesOf' | 'taggedWith'>;

export type Readiness = { readonly config: Config } | { readonly refusals: readonly Refusal[] };

/** Looks at everything that the trial would meet, and changes nothing. Returns all reasons together, in the order of the looks. */
export async function readiness(account: Look, options: SmokeOptions): Promise<Readiness> {
  const identity = await account.identity();
  if (identity.account !== options.account) {
    const problem = `but your credentials are those of ${identity.arn}`;
    const fix = 'Use the credentials of the account named, or name the other one.';
    return { refusals: [{ path: '--account', value: options.account, problem, fix }] };
  }
  const { installation } = options;
  const { config } = await account.installed(installation);
  if (!config) {
    const problem = `no function ${functionName(installation, 'deploy')} in ${options.region} says what it runs`;
    const fix =
      'Deploy first (npx cdk deploy --all), or name the installation and its home region.';
    return { refusals: [{ path: '--installation', value: installation, problem, fix }] };
  }
  const refusals = [
    ...homeRefusals(config, options),
    ...issuerRefusals(config),
    ...nameRefusals(config, options.zone),
    ...targetRefusals(config, options.listener),
    ...(await listenerRefusals(account, options)),
  ];
  return refusals.length > 0 ? { refusals } : { config };
}

function homeRefusals({ home }: Config, { account, region }: SmokeOptions): readonly Refusal[] {
  if (home.account === account && home.region === region) return [];
  const value = `${home.account}/${home.region}`;
  const problem = 'is the home of the installation found, and not what you named';
  return [{ path: 'home', value, problem, fix: 'Name its home.' }];
}

/** Check issues what is due, and this must not use up limits that production needs. */
function issuerRefusals({ issuers }: Config): readonly Refusal[] {
  return Object.entries(issuers)
    .filter(([, issuer]) => !isStaging(issuer) || isPublic(issuer.directory))
    .map(([name, { directory }]) => ({
      path: `issuers.${name}.directory`,
      value: directory,
      problem: 'is not the staging environment of a CA',
      fix: 'Set directory: letsencrypt-staging, and deploy.',
    }));
}

/** A CA that clients trust is public, whatever the configuration says. */
function isPublic(directory: string): boolean {
  const known = knownDirectory(directory);
  return known?.limits !== undefined && known.staging !== true;
}

function nameRefusals({ certificates }: Config, zone: string): readonly Refusal[] {
  return certificates.flatMap(({ id, names }) =>
    names.flatMap((name, index) =>
      isBelow(name, zone)
        ? []
        : [
            {
              path: `certificates.${id}.names[${index}]`,
              value: name,
              problem: `is not below ${zone}: the installation may be one of production`,
              fix: `Try an installation whose names are all below ${zone}.`,
            },
          ],
    ),
  );
}

function targetRefusals({ certificates }: Config, listener: string): readonly Refusal[] {
  return certificates.flatMap(({ id, targets }) =>
    targets.flatMap((target, index) =>
      hasList(target) && target.listener === listener
        ? [
            {
              path: `certificates.${id}.targets[${index}].listener`,
              value: listener,
              problem: 'is a listener that deploy would change too',
              fix: 'Give --listener a listener that is no target of the installation.',
            },
          ]
        : [],
    ),
  );
}

async function listenerRefusals(account: Look, options: SmokeOptions): Promise<readonly Refusal[]> {
  const refused = (problem: string, fix: string) => [
    { path: '--listener', value: options.listener, problem, fix },
  ];
  const listener = await account.listener(options.listener);
  if (!listener) return refused('is not there', 'Give one that exists.');
  if (!listener.defaultArn) {
    return refused(`speaks ${listener.protocol} and has no certificate`, 'Give one with HTTPS.');
  }
  const outside = await servedOutside(account, listener, options.zone);
  return outside.flatMap(({ arn, names }) =>
    refused(
      `serves ${names ? names.join(', ') : 'a certificate that ACM does not hold'} (${arn})`,
      `Give a listener whose certificates are all for names below ${options.zone}.`,
    ),
  );
}

/** Names that the listener serves outside of the zone, without certificates that an earlier trial has left. */
async function servedOutside(account: Look, listener: Listener, zone: string) {
  const left = (await account.taggedWith(smokeTag, smokePrefix)).map(({ arn }) => arn);
  const arns = new Set([listener.defaultArn ?? '', ...listener.listed]);
  const looked = [...arns]
    .filter((arn) => !left.includes(arn))
    .map(async (arn) => ({ arn, names: await account.namesOf(arn) }));
  return (await Promise.all(looked)).filter(
    ({ names }) => !names?.every((name) => isBelow(name, zone)),
  );
}

function isBelow(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}
