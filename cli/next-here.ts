import type { Command } from 'commander';

/** Returns what a next command is where somebody looks at a kept local cloud: the same, told to look there as well. */
export function nextHere(program: Command, args: readonly string[]): (next: string) => string {
  if (!args.includes('--local')) return (next) => next;
  return (next) => {
    const [, name = ''] = /^npx certkeep (\S+)/.exec(next) ?? [];
    const command = program.commands.find((each) => each.name() === name);
    const looks = command?.options.some(({ long }) => long === '--local') === true;
    return looks && !/ --(?:help|local|region)\b/.test(next) ? `${next} --local` : next;
  };
}
