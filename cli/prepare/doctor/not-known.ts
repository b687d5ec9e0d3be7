import { errorMessage, errorName, isCertkeepError } from '#shared/errors.ts';
import { lookupRole } from '../../aws/callers.ts';
import { shellWord } from '../../text/shell-word.ts';
import type { Check, Finding, Question, Subject } from './check.ts';

const deniedNames: ReadonlySet<string> = new Set([
  ...['AccessDenied', 'AccessDeniedException', 'AuthorizationError', 'AuthorizationErrorException'],
  ...['NotAuthorized', 'UnauthorizedOperation', 'ServiceDenied', 'Forbidden'],
]);

/** What a question that could not be answered says: which right is missing, or why there was no answer. */
export function notKnown(
  error: unknown,
  { about, account, instead }: Question,
  { rights }: Pick<Check, 'rights'>,
  { caller, config, file }: Pick<Subject, 'caller' | 'config' | 'file'>,
): Finding {
  const chain = causesOf(error);
  const other = account !== undefined && account !== caller.account ? account : null;
  const command = instead ? { command: instead } : {};
  if (other !== null && chain.some((each) => isCertkeepError(each, 'PlaceNotReachable'))) {
    const role = lookupRole({ account: other, region: config.home.region }).split('/').at(-1);
    return {
      mark: 'not known',
      text: `${about}: your credentials may not look into account ${other} (its role ${role} cannot be assumed)`,
      say: `With credentials of ${other}:`,
      command: instead ?? `npx certkeep doctor --config ${shellWord(file)}`,
    };
  }
  if (chain.some((each) => deniedNames.has(errorName(each)))) {
    const named = rightIn(chain) ?? rights.join(', ');
    return { mark: 'not known', text: `${about}: you lack the right ${named}`, ...command };
  }
  return { mark: 'not known', text: `${about}: ${errorMessage(error)}`, ...command };
}

/** IAM names the action: `… is not authorized to perform: ssm:GetParameter on resource: …`. */
function rightIn(chain: readonly unknown[]): string | null {
  for (const each of chain) {
    const [, service, action] =
      /not authorized to perform: ([\w-]+):(\w+)/.exec(errorMessage(each)) ?? [];
    // SNS writes its own name in capitals.
    if (service && action) return `${service.toLowerCase()}:${action}`;
  }
  return null;
}

const longestChain = 10;

function causesOf(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let each = error; each !== undefined && chain.length < longestChain; ) {
    chain.push(each);
    each = each instanceof Error ? each.cause : undefined;
  }
  return chain;
}
