import type { Terminal } from '../../terminal.ts';
import { safeJson } from '../../text/safe-json.ts';
import { folded } from '../../text/width.ts';
import { readFile } from '../read-file.ts';
import { usualFile } from '../usual-file.ts';
import { reportJson, reportOf, validatePage } from './page.ts';

/** Prints what is wrong with a file, and returns the exit code. @throws CommandFailed where there is no file */
export function validate(
  { file = usualFile, json }: { readonly file?: string | undefined; readonly json: boolean },
  terminal: Terminal,
): 0 | 1 | 2 {
  const report = reportOf(file, readFile(file));
  const width = terminal.isInteractive ? terminal.width() : Infinity;
  terminal.print(json ? safeJson(reportJson(report)) : folded(validatePage(report), width));
  if (!report.isValid) return 2;
  return report.warnings.length > 0 ? 1 : 0;
}
