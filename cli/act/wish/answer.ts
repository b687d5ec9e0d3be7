import * as z from 'zod/mini';
import { type WishName, wishes } from '#shared/check/entrance.ts';
import { versionWishes } from '#shared/check/version-wish.ts';
import { revocationCodeNames } from '#shared/revocation-codes.ts';
import { CommandFailed } from '../../failure.ts';
import type { ReachOptions } from '../../reach/options.ts';
import { doctorCommand, lookCommand, ownCommand, reachWords, type Wanted } from './own-command.ts';

const line = z.object({
  certificate: z.string(),
  action: z.string(),
  reason: z.string(),
  takes: z.optional(z.array(z.string())),
});

const refusal = z.object({
  refused: z.string(),
  example: z.optional(
    z.object({
      certificates: z.optional(z.array(z.string())),
      reason: z.optional(z.string()),
      until: z.optional(z.string()),
      code: z.optional(z.enum(revocationCodeNames)),
    }),
  ),
  command: z.optional(z.string()),
});

/** Check's answer about one certificate: the work that is due, and the reason. */
export type AnswerLine = Readonly<z.infer<typeof line>>;

/**
 * Reads the answer of check.
 * @throws CommandFailed with the command that would do, where check has refused
 */
export function linesIn(
  answer: unknown,
  wanted: Wanted,
  options: ReachOptions,
): readonly AnswerLine[] {
  const lines = z.array(line).safeParse(answer).data;
  if (lines) return lines;
  const refused = refusal.safeParse(answer).data;
  if (refused) throw refusedFailure(refused, wanted, options);
  throw new CommandFailed(
    'check has answered what this release does not know: use the release that is deployed',
    'npx certkeep --version',
  );
}

/** Fields that only this command sends. */
const ownFields = /"(?:by|estimate)" is not known/;

/** Doctor looks at what a renewal needs without an order (NoRehearsal). */
const noPlace = /has no staging directory|external account binding|is a staging directory itself/;

function refusedFailure(
  { command = '', example, refused }: Readonly<z.infer<typeof refusal>>,
  wanted: Wanted,
  options: ReachOptions,
): CommandFailed {
  if (ownFields.test(refused)) {
    return new CommandFailed(
      'Nothing was done: the functions are of an older release than this command',
      'npx cdk deploy --all',
    );
  }
  if (wanted.wish === 'rehearse' && noPlace.test(refused)) {
    return new CommandFailed(refused, doctorCommand(options));
  }
  const { certificates = wanted.certificates, code, reason = wanted.reason, until } = example ?? {};
  const wish = wishIn(command) ?? wanted.wish;
  const version = wish === wanted.wish ? wanted.version : undefined;
  const hasVersion = versionWishes.some((each) => each === wanted.wish);
  // A refused resource is looked at in the list, and never one of an example.
  if (wanted.resource !== undefined) {
    return new CommandFailed(refused, ['npx certkeep approve', ...reachWords(options)].join(' '));
  }
  const better = ownCommand({ wish, certificates, code, reason, until, version }, options);
  const isSame = better === ownCommand(wanted, options);
  const [first = ''] = certificates;
  // A second time it would be refused again; there one sees which versions there are.
  const looks = hasVersion && (wish === wanted.wish ? isSame : wanted.version !== undefined);
  return new CommandFailed(refused, looks ? lookCommand('show', first, options) : better);
}

/** `aws lambda invoke --function-name certkeep-check:override …` says override. */
function wishIn(command: string): WishName | null {
  const alias = /--function-name [\w-]+:(\w+) /.exec(command)?.[1];
  return wishes.find((each) => each === alias) ?? null;
}
