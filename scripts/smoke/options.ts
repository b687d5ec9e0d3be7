import { parseArgs } from 'node:util';
import { getDomain } from 'tldts';
import { errorMessage } from '#shared/errors.ts';
import { installationPattern } from '#shared/installation.ts';
import type { Refusal } from './refusals.ts';
import type { SmokeOptions } from './smoke-options.ts';

export const usage = `npm run smoke -- --account ID --region REGION --zone ZONE --listener ARN [options]
  --account ID         the account that your credentials must belong to
  --region REGION      the home region of the installation
  --zone ZONE          a domain for trials: no certificate of the installation may have a name outside of it
  --listener ARN       an HTTPS listener for trials, whose default certificate is replaced for a minute
  --installation NAME  as in the configuration; certkeep unless told
  --yes                does not ask before it begins
  --json               prints the result as one JSON object on the last line`;

export type ReadOptions =
  | { readonly options: SmokeOptions }
  | { readonly problem: string }
  | { readonly refusals: readonly Refusal[] }
  | { readonly help: true };

export function readOptions(args: readonly string[]): ReadOptions {
  const text = { type: 'string', default: '' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        account: text,
        region: text,
        zone: text,
        listener: text,
        installation: { ...text, default: 'certkeep' },
        yes: flag,
        json: flag,
        help: flag,
      },
    });
    const { help, ...options } = values;
    if (help) return { help };
    const refusals = refusalsOf(options);
    return refusals.length > 0 ? { refusals } : { options };
  } catch (error) {
    return { problem: errorMessage(error) };
  }
}

/** Checks the options without asking AWS. */
function refusalsOf(options: SmokeOptions): readonly Refusal[] {
  const { account, region, zone, listener, installation } = options;
  const [, partition, , listenerRegion, listenerAccount] =
    /^arn:(aws[\w-]*):(elasticloadbalancing):([\w-]+):(\d{12}):listener\/(?:app|net)\/./.exec(
      listener,
    ) ?? [];
  const isAccount = /^\d{12}$/.test(account);
  const isRegion = /^[a-z]{2}(-[a-z]+)+-\d$/.test(region);
  const isThere = listenerRegion === region && listenerAccount === account;
  const checks: readonly (readonly [boolean, Refusal])[] = [
    [isAccount, refusal('--account', account, 'is no account id', 'Give its twelve digits.')],
    [isRegion, refusal('--region', region, 'is not a region', 'Give one such as us-east-1.')],
    [
      installationPattern.test(installation),
      refusal(
        '--installation',
        installation,
        'is not the name of an installation',
        'Give the value of installation: in the configuration.',
      ),
    ],
    [
      /^[a-z0-9.-]+$/.test(zone) && getDomain(zone, { allowPrivateDomains: true }) !== null,
      refusal(
        '--zone',
        zone,
        'is no domain that belongs to one owner',
        'Give a domain of your own that nothing in production uses, in lower case.',
      ),
    ],
    [
      partition !== undefined,
      refusal(
        '--listener',
        listener,
        'is no ARN of a listener of an Application or Network Load Balancer',
        'aws elbv2 describe-listeners --load-balancer-arn … shows it.',
      ),
    ],
    [
      !partition || !isAccount || !isRegion || isThere,
      refusal(
        '--listener',
        listener,
        `is not in account ${account} and region ${region}`,
        'Give a listener of the account and region named.',
      ),
    ],
  ];
  return checks.filter(([isFine]) => !isFine).map(([, refused]) => refused);
}

function refusal(path: string, value: string, problem: string, fix: string): Refusal {
  return { path, value, problem, fix };
}
