import { shellWord } from '../../text/shell-word.ts';
import { usualFile } from '../usual-file.ts';

/** The next command after a file that has all it needs. Pure. */
export function nextCommand({
  file,
  isLocal,
  isPlayed,
}: {
  readonly file: string;
  readonly isLocal: boolean;
  /** The kept local cloud runs this very file. */
  readonly isPlayed: boolean;
}): string {
  if (isPlayed) return 'npx certkeep status --local';
  if (isLocal) return `npm start -- --keep --config ${shellWord(file)}`;
  return `npx cdk diff${file === usualFile ? '' : ` -c config=${shellWord(file)}`}`;
}
