import { probedPlaces } from '#shared/config/accounts.ts';
import type { InsideConfig } from '#shared/config/probed-places.ts';
import { errorName } from '#shared/errors.ts';
import { functionName } from '#shared/installation.ts';
import { type Place, placeKey } from '#shared/place.ts';
import { type Check, type Finding, ok, type Subject } from '../check.ts';

/** The function of each place with a probe is there, in the network of the file, and ready to be invoked. */
export const probes: Check = {
  title: 'Probes inside of networks',
  rights: ['lambda:GetFunctionConfiguration'],
  questions: (subject) =>
    probedPlaces(subject.config).map(({ place, probe }) => ({
      about: placeKey(place),
      account: place.account,
      instead: describing(subject, place),
      ask: async () => [await lookAt(subject, place, probe)],
    })),
};

function describing({ config }: Subject, { region }: Place): string {
  return `aws lambda get-function-configuration --region ${region} --function-name ${functionName(config.installation, 'inside')}`;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html: invocations succeed in the state Active. */
async function lookAt(subject: Subject, place: Place, probe: InsideConfig): Promise<Finding> {
  const { GetFunctionConfigurationCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
  const FunctionName = functionName(subject.config.installation, 'inside');
  const client = new LambdaClient(subject.optionsIn(place));
  const found = await client
    .send(new GetFunctionConfigurationCommand({ FunctionName }))
    .catch((error) => {
      if (errorName(error) === 'ResourceNotFoundException') return null;
      throw error;
    });
  const about = `${FunctionName} in ${placeKey(place)}`;
  if (found === null) {
    // Nothing is wrong before the first deployment.
    const say = 'It comes with the next deployment:';
    return { mark: 'warning', text: `${about} is not there`, say, command: 'npx cdk deploy --all' };
  }
  const { State, StateReason, VpcConfig } = found;
  if (State !== 'Active') {
    const why = StateReason === undefined ? '' : `: ${StateReason}`;
    const text = `${about} cannot be invoked, its state is ${State}${why}`;
    return { mark: 'wrong', text, command: describing(subject, place) };
  }
  const isThere =
    isSame(VpcConfig?.SubnetIds, probe.subnets) &&
    isSame(VpcConfig?.SecurityGroupIds, probe.securityGroups);
  if (isThere) return ok(`${about} is ready in ${probe.subnets.join(', ')}`);
  const say = 'The next deployment moves it:';
  const text = `${about} is in another network than the file says`;
  return { mark: 'warning', text, say, command: 'npx cdk deploy --all' };
}

function isSame(found: readonly string[] = [], wanted: readonly string[]): boolean {
  return found.toSorted().join() === wanted.toSorted().join();
}
