import { environmentsOf, neededBootstrapVersion } from '#shared/config/accounts.ts';
import { errorName } from '#shared/errors.ts';
import { type Place, placeKey } from '#shared/place.ts';
import { partitionOf } from '#shared/region.ts';
import { type Check, type Finding, ok, type Subject } from '../check.ts';

const parameter = '/cdk-bootstrap/hnb659fds/version';

/** `cdk deploy` needs what `cdk bootstrap` makes once in each account and region that gets a stack. */
export const bootstrap: Check = {
  title: 'Bootstrap of CDK',
  rights: ['ssm:GetParameter'],
  questions: (subject) =>
    environmentsOf(subject.config).map((place) => ({
      about: placeKey(place),
      account: place.account,
      instead: `aws ssm get-parameter --region ${place.region} --name ${parameter} --query Parameter.Value`,
      ask: async () => [await versionIn(place, subject)],
    })),
};

async function versionIn(place: Place, subject: Subject): Promise<Finding> {
  const version = await readVersion(place, subject);
  if (version !== null && version >= neededBootstrapVersion) {
    return ok(`${placeKey(place)} has version ${version}`);
  }
  const found = version === null ? 'is not bootstrapped' : `has version ${version}`;
  return {
    mark: 'wrong',
    text: `${placeKey(place)} ${found}; at least version ${neededBootstrapVersion} is needed`,
    command: bootstrapCommand(place, subject.config.home.account),
  };
}

async function readVersion(place: Place, { optionsIn }: Subject): Promise<number | null> {
  const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
  try {
    const client = new SSMClient(optionsIn(place));
    const { Parameter } = await client.send(new GetParameterCommand({ Name: parameter }));
    return Number(Parameter?.Value);
  } catch (error) {
    if (errorName(error) === 'ParameterNotFound') return null;
    throw error;
  }
}

/** In another account, the one that deploys has to be trusted. */
function bootstrapCommand({ account, region }: Place, home: string): string {
  const trust =
    account === home
      ? ''
      : ` --trust ${home} --cloudformation-execution-policies arn:${partitionOf(region)}:iam::aws:policy/AdministratorAccess`;
  return `npx cdk bootstrap aws://${account}/${region}${trust}`;
}
