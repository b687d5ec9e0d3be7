import { shellWord } from '../../../text/shell-word.ts';
import { type Check, ok, type Subject } from '../check.ts';

/** Everything else is looked at with these credentials. STS says whose they are without any right. */
export const account: Check = {
  title: 'Credentials',
  rights: [],
  questions: ({ caller, config, file }) => [
    {
      about: 'your credentials',
      ask: async () => [whose({ caller, config, file })],
    },
  ],
};

function whose({ caller, config, file }: Pick<Subject, 'caller' | 'config' | 'file'>) {
  const home = config.home.account;
  if (caller.account === home) return ok(`${caller.arn} is of the home account`);
  return {
    mark: 'wrong',
    text: `${caller.arn} is of account ${caller.account}, and home is ${home}`,
    say: `Use a profile of ${home}:`,
    command: `AWS_PROFILE=PROFILE npx certkeep doctor --config ${shellWord(file)}`,
  } as const;
}
