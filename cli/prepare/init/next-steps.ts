import { oneLine } from '#shared/text/plain-text.ts';
import { counted } from '../../text/lists.ts';
import { shellWord } from '../../text/shell-word.ts';
import { usualFile } from '../usual-file.ts';
import type { CheckedDraft } from './decide/checked-draft.ts';

/** The rest of the way, in commands, one after the other. Pure. */
export function nextSteps(
  { draft, warnings }: CheckedDraft,
  { isLocal, out }: { readonly isLocal: boolean; readonly out: string },
): string {
  const file = oneLine(out, 200);
  const word = shellWord(file);
  const named = out === usualFile ? '' : ` ${word}`;
  const { candidates, hasAgreed, kept } = draft;
  const taken = counted(candidates.length, 'certificate');
  const doubts = warnings.length > 0 ? `, with ${counted(warnings.length, 'warning')}` : '';
  const others = [
    `certkeep keeps ${counted(kept, 'certificate')} here already. Put the new ones into the file of that`,
    'installation: deployed in its place, this file would take the others away.',
  ];
  return [
    `${file} is written: ${taken}${doubts}.`,
    `Nothing in the ${isLocal ? 'local cloud' : 'account'} has changed.`,
    ...(hasAgreed
      ? []
      : [
          'It cannot be deployed before somebody agrees to the terms of the CA: the file',
          'says where.',
        ]),
    ...(kept === 0 ? [] : others),
    'Read it, and go on with these, one after the other:',
    `  npx certkeep validate${named}`,
    ...(isLocal ? localSteps(word) : steps(draft, word)),
    `Next: npx certkeep validate${named}`,
  ].join('\n');
}

/** One cloud is kept at a time. */
function localSteps(file: string): readonly string[] {
  return [
    `  npx certkeep doctor --local --config ${file}`,
    `  npm start -- --keep --config ${file}    # stop the other one first`,
    '  npx certkeep status --local',
  ];
}

function steps(
  { found, kept, region }: Pick<CheckedDraft['draft'], 'found' | 'kept' | 'region'>,
  file: string,
): readonly string[] {
  const isUsual = file === usualFile;
  const context = isUsual ? '' : ` -c config=${file}`;
  return [
    `  npx certkeep doctor${isUsual ? '' : ` --config ${file}`}`,
    kept === 0
      ? `  npx cdk bootstrap aws://${found.account}/${region}`
      : `  npx certkeep diff${isUsual ? '' : ` ${file}`}`,
    `  npx cdk diff${context}`,
    `  npx cdk deploy --all${context}`,
    '  npx certkeep status',
  ];
}
