import { type ConfigProblem, type Excerpt, printable } from './problem.ts';

/** All problems as a list, from the top of the file to the bottom. */
export function renderProblems(
  problems: readonly ConfigProblem[],
  source: string,
  shownAtMost = 100,
): string {
  return listOf('problem', problems, source, shownAtMost);
}

/** Warnings, which do not stop a deployment. */
export function renderWarnings(warnings: readonly ConfigProblem[], source: string): string {
  return listOf('warning', warnings, source, 100);
}

function listOf(
  what: string,
  all: readonly ConfigProblem[],
  source: string,
  shownAtMost: number,
): string {
  const shown = all.slice(0, shownAtMost);
  const count = all.length === 1 ? `1 ${what}` : `${all.length} ${what}s`;
  const lines = [`${printable(source)}: ${count}`, ''];
  for (const problem of shown) lines.push(...problemLines(problem), '');
  const rest = all.length - shown.length;
  if (rest > 0) lines.push(`… and ${rest} more. Correct these first and look again.`, '');
  return lines.join('\n');
}

function problemLines(problem: ConfigProblem): string[] {
  const { path, line, value, message, fix, excerpt } = problem;
  const place = line === null ? path : `${path} (line ${line})`;
  return [
    `  ${place}`,
    `    ${quoted(value)}${message}`,
    ...(excerpt && line !== null ? sourceLines(line, excerpt) : []),
    `    fix: ${fix}`,
  ];
}

function sourceLines(line: number, { text, column, width }: Excerpt): string[] {
  const margin = `    ${line} | `;
  return [`${margin}${text}`, `${' '.repeat(margin.length + column - 1)}${'^'.repeat(width)}`];
}

function quoted(value: string): string {
  if (value === '') return '';
  return value.startsWith('(') ? `${value} ` : `"${value}" `;
}
