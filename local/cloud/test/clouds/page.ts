import { scenarioGroups } from './all.ts';
import type { Difference } from './difference.ts';
import { differences } from './differences.ts';
import { scenarioId } from './scenario.ts';

/** The text of docs/clouds.md: what both clouds are asked, and where one of them is not like AWS. */
export function cloudsPage(): string {
  const scenarios = scenarioGroups.reduce(
    (sum, group) => sum + Object.keys(group.scenarios).length,
    0,
  );
  const undecided = differences.filter(({ page }) => page === null).length;
  return [
    '# Two clouds, one suite',
    '<!-- Written by `node local/cloud/test/clouds/write-page.ts` from the scenarios and local/cloud/test/clouds/differences.ts. -->',
    intro(scenarios, differences.length, undecided),
    '## Differences',
    differencesTable(),
    '## Scenarios',
    'A scenario in *italics* differs somewhere.',
    ...scenarioGroups.map(({ title, scenarios }) =>
      [
        `### ${title}`,
        Object.keys(scenarios)
          .map((sentence) => scenarioLine(title, sentence))
          .join('\n'),
      ].join('\n\n'),
    ),
  ].join('\n\n');
}

function intro(scenarios: number, differing: number, undecided: number): string {
  return `certkeep is tested against a cloud of its own (\`local/\`), so that cloud must be like AWS. ${scenarios} scenarios
say what AWS documents. Each runs through the unmodified SDK against \`local/\` and against
[moto](https://github.com/getmoto/moto), which others wrote; the stages store, import, rebind, verify and sync run
on both as well (\`local/cloud/test/clouds/\`).

Where the two differ, AWS's documentation decides. \`local/\` is mended where it is wrong. Where moto is, the
difference stands below with the page that decides: the scenario must fail on moto in the way described there, so
that the test fails when moto is mended and the line is removed. There are ${differing} of them; for ${undecided} of these no
page decides in words, as the line says.`;
}

function differencesTable(): string {
  const rows = differences.map(({ scenario, cloud, what, page, since }) => {
    const decides = page === null ? 'none' : `[${pageName(page)}](${page})`;
    return `| ${scenario} | ${cloud} ${since} | ${what} | ${decides} |`;
  });
  return ['| scenario | cloud | what it does instead | page |', '|---|---|---|---|', ...rows].join(
    '\n',
  );
}

/** `ImportCertificate` of `…/API_ImportCertificate.html`. */
function pageName(page: string): string {
  return (page.split('/').at(-1) ?? page).replace(/^API_|\.html$/g, '');
}

function scenarioLine(title: string, sentence: string): string {
  const isThis = ({ scenario }: Difference) => scenario === scenarioId(title, sentence);
  return `- ${differences.some(isThis) ? `*${sentence}*` : sentence}`;
}
