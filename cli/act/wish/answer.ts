import * as z from 'zod/mini';
import { type WishName, wishes } from '#shared/check/entrance.ts';
import { CommandFailed } from '../../failure.ts';
import type { ReachOptions } from '../../reach/options.ts';
import { ownCommand, type Wanted } from './own-command.ts';

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
  const { certificates = wanted.certificates, reason = wanted.reason, until } = example ?? {};
  const wish = wishIn(command) ?? wanted.wish;
  const better = { wish, certificates, reason, ...(until !== undefined && { until }) };
  return new CommandFailed(refused, ownCommand(better, options));
}

/** `aws lambda invoke --function-name certkeep-check:override …` says override. */
function wishIn(command: string): WishName | null {
  const alias = /--function-name [\w-]+:(\w+) /.exec(command)?.[1];
  return wishes.find((each) => each === alias) ?? null;
}
