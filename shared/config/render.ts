import { type ConfigProblem, printable } from './problem.ts';

/** All problems as a list that a person works through from top to bottom. */
export function renderProblems(
  problems: readonly ConfigProblem[],
  source: string,
  shownAtMost = 100,
): string {
  const shown = problems.slice(0, shownAtMost);
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const lines = [`${printable(source)}: ${count}`, ''];
  for (const problem of shown) lines.push(...problemLines(problem), '');
  const rest = problems.length - shown.length;
  if (rest > 0) lines.push(`… and ${rest} more. Correct these first and look again.`, '');
  return lines.join('\n');
}

function problemLines({ path, line, value, message, fix }: ConfigProblem): string[] {
  const place = line === null ? path : `${path} (line ${line})`;
  return [`  ${place}`, `    ${quoted(value)}${message}`, `    fix: ${fix}`];
}

function quoted(value: string): string {
  if (value === '') return '';
  return value.startsWith('(') ? `${value} ` : `"${value}" `;
}
