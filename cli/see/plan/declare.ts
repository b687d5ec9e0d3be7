import { InvalidArgumentError } from 'commander';
import { type Declare, reaching } from '../../declare.ts';
import type { ReachOptions } from '../../reach/options.ts';

type Given = ReachOptions & { readonly days: number; readonly json: boolean };

/** As many as check plans for. */
const mostDays = 400;
const usualDays = 30;

export const declarePlan: Declare = (program, terminal, end) => {
  reaching(program.command('plan'))
    .summary('the orders of the coming days')
    .description('Shows the orders of the coming days, day by day, and the limits that they take.')
    .option('--days <days>', `of so many days, at most ${mostDays}`, daysIn, usualDays)
    .option('--json', 'print it as a JSON list', false)
    .action(async (given: Given) => {
      const { plan } = await import('./command.ts');
      end(await plan(given, terminal));
    });
};

function daysIn(text: string): number {
  const days = Number(text);
  if (/^\d+$/.test(text) && days >= 1 && days <= mostDays) return days;
  throw new InvalidArgumentError(`It is a whole number from 1 to ${mostDays}.`);
}
