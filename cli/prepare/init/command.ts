import { existsSync, writeFileSync } from 'node:fs';
import { fileErrorText } from '#shared/config-file/messages/file-error.ts';
import { renderProblems } from '#shared/config-file/messages/render.ts';
import { errorName } from '#shared/errors.ts';
import { systemClock } from '#shared/time/clock.ts';
import { CommandFailed } from '../../failure.ts';
import { processPrompt } from '../../prompt.ts';
import type { Terminal } from '../../terminal.ts';
import { type CheckedDraft, checkedDraft } from './decide/checked-draft.ts';
import { surveyOf } from './decide/survey.ts';
import { lookAtAccount } from './look/account.ts';
import { connect } from './look/connection.ts';
import { nextSteps } from './next-steps.ts';
import { surveyPage } from './page.ts';
import { answersTo, type Given } from './questions.ts';

export type InitOptions = Given & {
  readonly region: readonly string[];
  readonly home?: string | undefined;
  readonly out: string;
  readonly local: boolean;
};

/** Writes a file that takes over what somebody picks, and returns the exit code: 1 where somebody has to agree first. */
export async function init(options: InitOptions, terminal: Terminal): Promise<0 | 1> {
  const { home, local, out, region } = options;
  if (existsSync(out)) throw alreadyThere(out);
  const connection = await connect({ isLocal: local, regions: region });
  const found = await lookAtAccount(connection, (each) => {
    if (terminal.isInteractive) terminal.complain(`looking at ${each}`);
  });
  const survey = surveyOf(found);
  const now = systemClock.now();
  const look = { now, width: terminal.width(), paint: terminal.paint };
  terminal.print(surveyPage(found, survey, look).join('\n'));
  if (survey.candidates.length === 0) {
    throw new CommandFailed(
      'there is nothing that certkeep could take over, and nothing is written; certkeep.example.yaml is a file to start from',
      local ? 'npx certkeep status --local' : 'npx certkeep init --region REGION ANOTHER',
    );
  }
  const answers = await answersTo(options, survey.candidates, {
    prompt: processPrompt(),
    terminal,
  });
  const { counts, unmanaged } = survey;
  // Nothing is deployed beside what a kept cloud plays: the file has a cloud of its own.
  const kept = local ? 0 : counts.ofCertkeep;
  const place = { found, region: home ?? found.regions[0] ?? '', kept };
  const checked = checkedDraft({ ...answers, ...place, unmanaged, now }, out);
  assertUsable(checked, out);
  write(out, checked.text);
  terminal.print(`\n${nextSteps(checked, { out, isLocal: local })}`);
  return answers.hasAgreed ? 0 : 1;
}

function assertUsable({ draft, problems }: CheckedDraft, out: string): void {
  if (problems.length > 0) {
    throw new CommandFailed(renderProblems(problems, out), 'npx certkeep init --help');
  }
  if (draft.candidates.length > 0) return;
  const why = draft.unmanaged.map((each) => `${each.name}: ${each.why}`).join('; ');
  throw new CommandFailed(`nothing of it can be taken over: ${why}`, 'npx certkeep init');
}

function alreadyThere(out: string): CommandFailed {
  return new CommandFailed(
    `${out} is there already, and is left as it is`,
    `npx certkeep init --out ANOTHER.yaml`,
  );
}

function write(out: string, text: string): void {
  try {
    // `wx` writes over nothing, not even over a file that has come since.
    writeFileSync(out, text, { flag: 'wx' });
  } catch (error) {
    if (errorName(error) === 'EEXIST') throw alreadyThere(out);
    const message = fileErrorText(out, error).replace(
      'The configuration cannot be read',
      'it cannot be written',
    );
    throw new CommandFailed(message, 'npx certkeep init --out FILE', { cause: error });
  }
}
