import * as z from 'zod/mini';
import type { AccountOutcome, AccountRequest } from '#shared/acquire/account/change-account.ts';
import { clientOptions } from '#shared/aws/clients.ts';
import { errorMessage, errorName } from '#shared/errors.ts';
import { namesOf } from '#shared/installation.ts';
import { partitionOf } from '#shared/region.ts';
import { parseJson } from '#shared/text/json.ts';
import { logCommand } from '#shared/text/log-command.ts';
import { CommandFailed } from '../../failure.ts';
import type { Location } from '../../reach/locate.ts';
import { longAnswers } from '../../reach/long-answers.ts';
import { settingsAt } from '../../reach/settings.ts';

const outcome = z.object({
  outcome: z.enum(['done', 'done-before']),
  key: z.nullable(z.string()),
});
const refusal = z.object({ refused: z.string() });

/**
 * Asks issue, which alone has the keys of accounts, through the alias of the request. The SDK repeats nothing.
 * @throws CommandFailed where it refuses, or where nobody knows: `again` asks for the same request once more
 */
export async function askIssue(
  location: Location,
  { kind, ...payload }: AccountRequest,
  again: string,
): Promise<AccountOutcome> {
  const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
  const settings = { ...settingsAt(location), maxAttempts: 1, requestHandler: longAnswers() };
  const client = new LambdaClient(clientOptions(settings));
  const { account, installation, region } = location;
  const names = namesOf({ installation, home: { account, region } });
  const FunctionName = `arn:${partitionOf(region)}:lambda:${region}:${account}:function:${names.function('issue')}:${kind}`;
  const command = new InvokeCommand({
    FunctionName,
    Payload: Buffer.from(JSON.stringify(payload)),
  });
  const { FunctionError, Payload } = await client.send(command).catch((error) => {
    throw notAnswered(error, FunctionName, again);
  });
  const answer = parseJson(Buffer.from(Payload ?? []).toString('utf8'));
  if (FunctionError !== undefined) {
    const { errorMessage: why = '', errorType = 'Error' } = (answer ?? {}) as Failure;
    throw new CommandFailed(
      `issue failed: ${errorType}: ${why}; it may have been done all the same`,
      again,
    );
  }
  const done = outcome.safeParse(answer).data;
  if (done) return done;
  const refused = refusal.safeParse(answer).data?.refused;
  if (refused !== undefined) throw new CommandFailed(refused, 'npx certkeep account');
  throw new CommandFailed(
    'issue has answered what this release does not know: use the release that is deployed',
    logCommand(names.logGroup('issue'), region),
  );
}

type Failure = { readonly errorType?: string; readonly errorMessage?: string };

/** AWS has refused the call, so that nothing was done; or nobody knows. */
function notAnswered(error: unknown, FunctionName: string, again: string): CommandFailed {
  const said = errorMessage(error) || errorName(error);
  const failed = (message: string, next: string) =>
    new CommandFailed(message, next, { cause: error });
  switch (errorName(error)) {
    case 'AccessDeniedException':
      return failed(
        `Nothing was done: AWS denies it; it needs lambda:InvokeFunction on ${FunctionName}: ${said}`,
        'aws sts get-caller-identity',
      );
    case 'ResourceNotFoundException':
      return failed(
        `Nothing was done: there is no ${FunctionName}: another home, or an older release`,
        'npx certkeep status --region REGION --account ACCOUNT --installation NAME',
      );
    case 'TooManyRequestsException':
      return failed(`Nothing was done: Lambda has no room for it now: ${said}`, again);
    default:
      return failed(`nobody can say whether it was done: ${said}`, again);
  }
}
