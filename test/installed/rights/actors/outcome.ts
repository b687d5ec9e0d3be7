import type { Actor } from './actors.ts';
import type { Attempt } from './attempt.ts';

/** `denied`: AWS refused the call. `none`: the call succeeded without any effect. */
export type Outcome = 'denied' | 'none' | 'through';

export type Row = {
  readonly attempt: Pick<Attempt, 'id' | 'what' | 'severity'>;
  readonly outcomes: Readonly<Record<string, Outcome>>;
};

const signs: Readonly<Record<Outcome, string>> = {
  denied: 'denied',
  none: '–',
  through: '**yes**',
};

/** Returns the successful attempts, as `docs/security-actors.md` shows them. */
export function actorsPage(rows: readonly Row[], actors: readonly Pick<Actor, 'name' | 'who'>[]) {
  const names = actors.map(({ name }) => name);
  const head = ['what somebody wants', '', ...names];
  const lines = [
    head,
    head.map(() => '---'),
    ...rows.map(({ attempt, outcomes }) => [
      attempt.what,
      attempt.severity,
      ...names.map((name) => signs[outcomes[name] ?? 'none']),
    ]),
  ].map((cells) => `| ${cells.join(' | ')} |`);
  return `# Who can do what

Written by \`npm run actors\`, which plays each attempt of each actor on the local cloud, under the policies of the template, and lets the installation go on for a week.
**yes**: it came to what was wanted. –: the call was made and led to nothing. denied: a policy refused the call.

${lines.join('\n')}

${actors.map(({ name, who }) => `- **${name}**: ${who}`).join('\n')}
`;
}

/** Returns an actor's column in a page, from top to bottom. */
export function columnIn(page: string, name: string): readonly Outcome[] {
  const [head = [], , ...rows] = page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const at = head.indexOf(name);
  const outcomes = Object.keys(signs) as Outcome[];
  return rows.map((cells) => {
    const outcome = outcomes.find((each) => signs[each] === cells[at]);
    if (outcome === undefined) throw new Error(`${name}: ${cells[at]} is no outcome`);
    return outcome;
  });
}
