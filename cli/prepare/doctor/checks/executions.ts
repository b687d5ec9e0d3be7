import { executionsNeeded } from '#shared/limits.ts';
import { type Check, type Finding, ok, type Subject } from '../check.ts';

const quota = '--service-code lambda --quota-code L-B99A9384';

/** Executions at once that are left to functions without reserved concurrency, which all of certkeep's are. */
export const executions: Check = {
  title: 'Concurrency of Lambda',
  rights: ['lambda:GetAccountSettings'],
  questions: (subject) => {
    const { home } = subject.config;
    return [
      {
        about: 'concurrent executions',
        account: home.account,
        instead: `aws lambda get-account-settings --region ${home.region} --query AccountLimit`,
        ask: async () => [await lookAt(subject)],
      },
    ];
  },
};

async function lookAt(subject: Subject): Promise<Finding> {
  const sdk = await import('@aws-sdk/client-lambda');
  const client = new sdk.LambdaClient(subject.optionsIn(subject.config.home));
  const { AccountLimit } = await client.send(new sdk.GetAccountSettingsCommand({}));
  const { ConcurrentExecutions = 0, UnreservedConcurrentExecutions = 0 } = AccountLimit ?? {};
  return judged(subject, ConcurrentExecutions, UnreservedConcurrentExecutions);
}

function judged({ config }: Subject, all: number, unreserved: number): Finding {
  const needed = executionsNeeded(config);
  const { region } = config.home;
  const text = `certkeep needs ${needed} executions at once in ${region}; ${unreserved} of the account's ${all} are not reserved`;
  if (unreserved >= needed) return ok(text);
  return {
    mark: 'wrong',
    text,
    say:
      all >= needed
        ? 'Reserve less for other functions, or ask for more:'
        : 'Ask for more, or lower "concurrency:":',
    command: `aws service-quotas request-service-quota-increase --region ${region} ${quota} --desired-value ${needed + all - unreserved}`,
  };
}
