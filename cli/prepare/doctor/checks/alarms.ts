import { watchersOf } from '#shared/check/observations/watchers.ts';
import { shellWord } from '../../../text/shell-word.ts';
import { type Check, type Finding, ok, type Subject } from '../check.ts';

/** Once certkeep is installed, its alarms are there, would tell somebody, and do not ring. */
export const alarms: Check = {
  title: 'Alarms',
  rights: ['cloudwatch:DescribeAlarms'],
  questions: (subject) => {
    const { account } = subject.config.home;
    const all = watchersOf(subject.config).alarms;
    return [...Map.groupBy(all, ({ region }) => region)].map(([region, ofRegion]) => ({
      about: `alarms in ${region}`,
      account,
      instead: describing(
        ofRegion.map(({ name }) => name),
        region,
      ),
      ask: () =>
        lookAt(
          ofRegion.map(({ name }) => name),
          region,
          subject,
        ),
    }));
  },
};

async function lookAt(
  names: readonly string[],
  region: string,
  { config, optionsIn }: Subject,
): Promise<readonly Finding[]> {
  const { alarmsSeen } = await import('#shared/adapters/cloudwatch-client.ts');
  const { account } = config.home;
  const seen = await alarmsSeen(optionsIn({ account, region }), names);
  const of = (is: (alarm: (typeof seen)[number]) => boolean) =>
    names.filter((_, index) => seen[index] && is(seen[index]));
  const missing = of(({ state }) => state === 'missing');
  if (missing.length === names.length) {
    return [ok(`those of ${region} come with the first deployment`)];
  }
  const off = of(({ state }) => state === 'off');
  const ringing = of(({ isRinging }) => isRinging);
  const problems: readonly Finding[] = [
    ...(missing.length > 0
      ? [
          {
            mark: 'wrong' as const,
            text: `${missing.join(', ')} in ${region}: somebody has deleted it`,
            command: 'npx cdk deploy --all',
          },
        ]
      : []),
    ...(off.length > 0
      ? [
          {
            mark: 'wrong' as const,
            text: `${off.join(', ')} in ${region} would tell nobody: somebody has switched it off`,
            command: `aws cloudwatch enable-alarm-actions --region ${region} --alarm-names ${off.map(shellWord).join(' ')}`,
          },
        ]
      : []),
    ...ringing.map((name) => ({
      mark: 'wrong' as const,
      text: `${name} in ${region} rings`,
      say: `docs/runbook.md#${
        name
          .split('-')
          .find((part) => /^[A-Z]/.test(part))
          ?.toLowerCase() ?? ''
      } says what it means. Since when:`,
      command: describing([name], region),
    })),
  ];
  return problems.length > 0 ? problems : [ok(`${names.length} in ${region} are on, and quiet`)];
}

function describing(names: readonly string[], region: string): string {
  return `aws cloudwatch describe-alarms --region ${region} --alarm-names ${names.map(shellWord).join(' ')}`;
}
