import { clientOptions } from '#shared/aws/clients.ts';
import { functionName } from '#shared/installation.ts';
import { parseJson } from '#shared/text/json.ts';
import type { Location } from '../../reach/locate.ts';
import { longAnswers } from '../../reach/long-answers.ts';
import type { ReachOptions } from '../../reach/options.ts';
import { settingsAt } from '../../reach/settings.ts';
import { type AnswerLine, linesIn } from './answer.ts';
import { callerArn } from './caller.ts';
import type { Wanted } from './own-command.ts';
import { type FunctionError, functionFailure, wishFailure } from './wish-failure.ts';

export type Send = (
  wanted: Wanted,
  more?: { readonly estimate: true },
) => Promise<readonly AnswerLine[]>;

/**
 * Asks check, through the alias of the wish, with the credentials of the caller. Each call is one invocation: the SDK
 * repeats none, since each run of check is a wish of its own.
 * @throws CommandFailed
 */
export async function sender(location: Location, options: ReachOptions): Promise<Send> {
  const [{ InvokeCommand, LambdaClient }, by] = await Promise.all([
    import('@aws-sdk/client-lambda'),
    callerArn(location),
  ]);
  const settings = { ...settingsAt(location), maxAttempts: 1, requestHandler: longAnswers() };
  const client = new LambdaClient(clientOptions(settings));
  return async (wanted, more) => {
    const { wish, ...payload } = wanted;
    const asked = { wanted, location, options, isEstimate: more?.estimate === true };
    const FunctionName = `${functionName(location.installation, 'check')}:${wish}`;
    const Payload = Buffer.from(JSON.stringify({ ...payload, by, ...more }));
    const { FunctionError, Payload: answer } = await client
      .send(new InvokeCommand({ FunctionName, Payload }))
      .catch((error) => {
        throw wishFailure(error, asked);
      });
    const said = parseJson(Buffer.from(answer ?? []).toString('utf8'));
    if (FunctionError !== undefined) throw functionFailure((said ?? {}) as FunctionError, asked);
    return linesIn(said, wanted, options);
  };
}
