import { existsSync, writeFileSync } from 'node:fs';
import { fileErrorText } from '#shared/config-file/messages/file-error.ts';
import { renderProblems } from '#shared/config-file/messages/render.ts';
import { errorName } from '#shared/errors.ts';
import { oneLine } from '#shared/text/plain-text.ts';
import { systemClock } from '#shared/time/clock.ts';
import { CommandFailed } from '../../failure.ts';
import { processPrompt } from '../../prompt.ts';
import type { Terminal } from '../../terminal.ts';
import { counted } from '../../text/lists.ts';
import { usualFile } from '../usual-file.ts';
import { type CheckedDraft, checkedDraft } from './decide/checked-draft.ts';
import { surveyOf } from './decide/survey.ts';
import { lookAtAccount } from './look/account.ts';
import { connect } from './look/connection.ts';
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
      'npx certkeep init --region REGION ANOTHER',
    );
  }
  const answers = await answersTo(options, survey.candidates, {
    prompt: processPrompt(),
    terminal,
  });
  const { counts, unmanaged } = survey;
  const place = { found, region: home ?? found.regions[0] ?? '', kept: counts.ofCertkeep };
  const checked = checkedDraft({ ...answers, ...place, unmanaged, now }, out);
  assertUsable(checked, out);
  write(out, checked.text);
  terminal.print(`\n${nextSteps(checked, out)}`);
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

/** The rest of the way, in commands, one after the other. */
function nextSteps({ draft, warnings }: CheckedDraft, out: string): string {
  const file = oneLine(out, 200);
  const named = out === usualFile ? '' : ` ${file}`;
  const context = out === usualFile ? '' : ` -c config=${file}`;
  const { candidates, found, hasAgreed, kept, region } = draft;
  const taken = counted(candidates.length, 'certificate');
  const doubts = warnings.length > 0 ? `, with ${counted(warnings.length, 'warning')}` : '';
  const others = [
    `certkeep keeps ${counted(kept, 'certificate')} here already. Put the new ones into the file of that`,
    'installation: deployed in its place, this file would take the others away.',
  ];
  return [
    `${file} is written: ${taken}${doubts}.`,
    'Nothing in the account has changed.',
    ...(hasAgreed
      ? []
      : [
          'It cannot be deployed before somebody agrees to the terms of the CA: the file',
          'says where.',
        ]),
    ...(kept === 0 ? [] : others),
    'Read it, and go on with these, one after the other:',
    `  npx certkeep validate${named}`,
    `  npx certkeep doctor${out === usualFile ? '' : ` --config ${file}`}`,
    ...(kept === 0
      ? [`  npx cdk bootstrap aws://${found.account}/${region}`]
      : [`  npx certkeep diff${named}`]),
    `  npx cdk diff${context}`,
    `  npx cdk deploy --all${context}`,
    '  npx certkeep status',
    `Next: npx certkeep validate${named}`,
  ].join('\n');
}
