import { clientOptions } from '#shared/aws/clients.ts';
import { errorName } from '#shared/errors.ts';
import { namesOf } from '#shared/installation.ts';
import { partitionOf } from '#shared/region.ts';
import { parseJson } from '#shared/text/json.ts';
import { logCommand } from '#shared/text/log-command.ts';
import { CommandFailed } from '../failure.ts';
import { callFailure } from './call-failure.ts';
import type { Location } from './locate.ts';
import { longAnswers } from './long-answers.ts';
import { settingsAt } from './settings.ts';

/**
 * Asks check something that changes nothing, and returns its answer as it came. The SDK may repeat the call.
 * @throws CommandFailed where it cannot be asked, refuses, or fails; `again` is the next command
 */
export async function askCheck(
  location: Location,
  payload: { readonly plan: number },
  again: string,
): Promise<unknown> {
  const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
  const client = new LambdaClient(
    clientOptions({ ...settingsAt(location), requestHandler: longAnswers() }),
  );
  const { account, installation, region } = location;
  const names = namesOf({ installation, home: { account, region } });
  const FunctionName = `arn:${partitionOf(region)}:lambda:${region}:${account}:function:${names.function('check')}`;
  const right = `lambda:InvokeFunction on ${FunctionName}`;
  const command = new InvokeCommand({
    FunctionName,
    Payload: Buffer.from(JSON.stringify(payload)),
  });
  const { FunctionError, Payload } = await client.send(command).catch((error) => {
    if (errorName(error) === 'ResourceNotFoundException') throw notInstalled(location, error);
    throw callFailure(error, { location, right });
  });
  const answer = parseJson(Buffer.from(Payload ?? []).toString('utf8'));
  const { errorMessage = '', errorType = 'Error', refused } = (answer ?? {}) as Answer;
  if (FunctionError !== undefined) {
    const logs = logCommand(names.logGroup('check'), region);
    throw new CommandFailed(`check failed: ${errorType}: ${errorMessage}`, logs);
  }
  if (refused !== undefined) throw new CommandFailed(`check refuses it: ${refused}`, again);
  return answer;
}

/** What check answers where it does not do it. */
type Answer = {
  readonly refused?: string;
  readonly errorType?: string;
  readonly errorMessage?: string;
};

function notInstalled({ account, installation, region }: Location, cause: unknown): CommandFailed {
  return new CommandFailed(
    `no installation "${installation}" has its home in ${account}/${region}`,
    'npx certkeep status --region REGION --account ACCOUNT --installation NAME',
    { cause },
  );
}
