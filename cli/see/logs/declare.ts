import { InvalidArgumentError, Option } from 'commander';
import { dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { type Declare, reaching } from '../../declare.ts';
import type { ReachOptions } from '../../reach/options.ts';

type Given = ReachOptions & {
  readonly since: number;
  readonly follow: boolean;
  readonly json: boolean;
};

export const declareLogs: Declare = (program, terminal, end) => {
  reaching(program.command('logs'))
    .summary('what the functions have written about one certificate')
    .description(
      'Shows what all functions have written about one certificate, oldest first, in the words of `npm start`.',
    )
    .argument('<ID>', 'the certificate')
    .addOption(
      new Option('--since <span>', 'begin so long ago, as with 30m, 6h or 2w')
        .argParser(spanIn)
        .default(dayMs, '1d'),
    )
    .option('--follow', 'go on with what is written from now on, until Ctrl-C', false)
    .option('--json', 'print a JSON object for each line', false)
    .action(async (id: string, given: Given) => {
      const { logs } = await import('./command.ts');
      end(await logs({ ...given, id }, terminal));
    });
};

const units = { m: minuteMs, h: hourMs, d: dayMs, w: 7 * dayMs } as const;
/** CloudWatch Logs keeps them for ten years at most. */
const longestMs = 3_653 * dayMs;

function spanIn(text: string): number {
  const [, count, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  const ms = Number(count) * units[unit as keyof typeof units];
  if (ms > 0 && ms <= longestMs) return ms;
  throw new InvalidArgumentError('It is a number with m, h, d or w, such as 30m, 6h or 2d.');
}
