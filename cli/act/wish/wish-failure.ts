import { errorMessage, errorName } from '#shared/errors.ts';
import { functionName } from '#shared/installation.ts';
import { partitionOf } from '#shared/region.ts';
import { logCommand } from '#shared/text/log-command.ts';
import { CommandFailed } from '../../failure.ts';
import type { Location } from '../../reach/locate.ts';
import type { ReachOptions } from '../../reach/options.ts';
import { readFailure } from '../../reach/read-failure.ts';
import { lookCommand, ownCommand, type Wanted } from './own-command.ts';

type Asked = {
  readonly wanted: Wanted;
  readonly location: Location;
  readonly options: ReachOptions;
  /** It was only asked what it would take. */
  readonly isEstimate: boolean;
};

/** No request has left this machine. */
const neverSent = [
  ...['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['CredentialsProviderError', 'TokenProviderError'],
];

/**
 * Says what a failed invocation means for the person who asked: nothing was done, or nobody knows. Lambda may have run what
 * it has not answered, and a second invocation would be a second wish.
 */
export function wishFailure(error: unknown, asked: Asked): CommandFailed {
  const { location, options, wanted } = asked;
  const said = errorMessage(error) || errorName(error);
  const failed = (message: string, next: string) =>
    new CommandFailed(message, next, { cause: error });
  if (namesOf(error).some((name) => neverSent.includes(name))) {
    const known = readFailure(error, location.endpoint ? { bucket: '', key: '', location } : null);
    if (known instanceof CommandFailed) return known;
  }
  const status = statusOf(error);
  if (status !== null && status >= 400 && status < 500) {
    const [what, next] = refusedBy(errorName(error), status, said, asked);
    return failed(`Nothing was done: ${what}`, next);
  }
  if (asked.isEstimate) return failed(`Nothing was done: ${said}`, ownCommand(wanted, options));
  return failed(`nobody can say whether it was done: ${said}`, lookAt(asked));
}

/** Check has begun and failed. */
export function functionFailure(
  { errorMessage: message = '', errorType = 'Error' }: FunctionError,
  asked: Asked,
): CommandFailed {
  const said = `check failed: ${errorType}: ${message}`;
  return asked.isEstimate
    ? new CommandFailed(`Nothing was done: ${said}`, logsOf(asked))
    : new CommandFailed(`${said}; it may have been done all the same`, lookAt(asked));
}

export type FunctionError = { readonly errorType?: string; readonly errorMessage?: string };

function refusedBy(
  name: string,
  status: number,
  said: string,
  { location, options, wanted }: Asked,
): readonly [what: string, next: string] {
  const { account, installation, region } = location;
  const check = `${functionName(installation, 'check')}:${wanted.wish}`;
  if (name === 'AccessDeniedException') {
    const arn = `arn:${partitionOf(region)}:lambda:${region}:${account}:function:${check}`;
    return [
      `AWS denies it; it needs lambda:InvokeFunction on ${arn}: ${said}`,
      'aws sts get-caller-identity',
    ];
  }
  if (status === 403) {
    return [`AWS does not take the credentials: ${said}`, 'aws sts get-caller-identity'];
  }
  if (status === 404) {
    return [
      `there is no ${check} in ${account}/${region}: another home, or an older release`,
      'npx certkeep status --region REGION --account ACCOUNT --installation NAME',
    ];
  }
  if (status === 429) {
    return [`Lambda has no room for it now: ${said}`, ownCommand(wanted, options)];
  }
  return [`Lambda has refused it: ${name}: ${said}`, 'aws sts get-caller-identity'];
}

function lookAt({ options, wanted }: Asked): string {
  return lookCommand('history', wanted.certificates[0] ?? '', options);
}

function logsOf({ location: { installation, region } }: Asked): string {
  return logCommand(`/aws/lambda/${functionName(installation, 'check')}`, region);
}

/** The names and codes of an error and of what has caused it. */
function namesOf(error: unknown): readonly string[] {
  if (error === undefined || error === null) return [];
  const { cause, code } = error as { readonly cause?: unknown; readonly code?: unknown };
  return [errorName(error), String(code ?? ''), ...namesOf(cause)];
}

function statusOf(error: unknown): number | null {
  const { $metadata } = (error ?? {}) as {
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  return $metadata?.httpStatusCode ?? null;
}
