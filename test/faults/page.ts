import { writeFileSync } from 'node:fs';
import type { NamedCall } from './calls.ts';
import { invariants } from './invariants.ts';
import { faultKinds } from './kinds.ts';
import { mutations } from './mutations/mutations.ts';
import type { Row, Summary } from './report.ts';
import { settings } from './settings.ts';
import type { Case } from './strike.ts';

export type PageFacts = {
  readonly summary: Summary;
  readonly seed: number;
  readonly worlds: number;
  readonly table: readonly Row[];
  /** The calls that stand for all. */
  readonly calls: readonly NamedCall[];
  /** The number of all calls. */
  readonly all: number;
  /** The cases that CI plays. */
  readonly fixed: readonly Case[];
};

const page = new URL('../../docs/reliability-faults.md', import.meta.url);

/** Writes docs/reliability-faults.md from the results. */
export function writePage(facts: PageFacts): void {
  writeFileSync(page, pageOf(facts));
}

function pageOf({ summary, seed, worlds, table, calls, all, fixed }: PageFacts): string {
  const functions = [...Map.groupBy(calls, ({ functionName }) => functionName)].sort();
  const replay = `npm run faults -- --setting fleet --seed ${seed} --call 17 --fault kill-after`;
  return [
    '# Killed at every call',
    '',
    'Written by `npm run faults -- --page`; [reliability.md](reliability.md) holds the rules that this tests.',
    '',
    'Settings are played in one process, on the local cloud and a virtual clock, until all is quiet:',
    '',
    ...settings.map(({ name, summary: what }) => `- **${name}**: ${what}`),
    '',
    `They make ${all} outside calls, of which ${calls.length} stand for all: of reads that one function repeats of one`,
    'thing while nobody changes anything, the first, the second and the last. Calls are discovered by a run without',
    'a fault, so a new one is struck as soon as it is made, and a test holds them to the permissions: every operation',
    'that a function has a right to is struck. Then a setting is played again for each fault at each call:',
    `**${summary.calls} calls, ${summary.faults} faults, ${summary.runs} runs, ${summary.violations} violations** (seed ${seed}).`,
    '',
    `CI plays ${fixed.flatMap(({ strikes }) => strikes).length} of them, the same for the same code (\`--fixed\`): what one function does with one operation to one`,
    'kind of thing, with each fault once, going round the certificates; and whatever has ever broken something, which',
    'stands in `test/faults/former-failures.ts`. `--sample 600` draws others, and prints the line for that list.',
    '',
    '## Faults',
    '',
    '| fault | what happens to the call |',
    '|---|---|',
    ...faultKinds.map(({ name, summary: what }) => `| ${name} | ${what} |`),
    '',
    'A call that changes nothing is not killed after it, nor made twice: that is no other world than killed before the',
    'next one, or than none. A rival needs something that others write, too.',
    '',
    '## Runs',
    '',
    markdown(table),
    '',
    '| function | calls |',
    '|---|---|',
    ...functions.map(([name, made]) => `| ${name} | ${made.length} |`),
    '',
    '## Invariants',
    '',
    'At every call: no listener is without a certificate or loses a name that it served, no certificate or challenge',
    'value of somebody else is touched. When all is quiet:',
    '',
    ...invariants.map(({ name }) => `- ${name}`),
    '- what others wrote meanwhile to a record or a TXT set is still there',
    '- nobody was told of a failure for a lost answer, a doubled call or a rival: these are no failures',
    '',
    '## Replay',
    '',
    `\`${replay}\` plays one again; each violation prints its own command.`,
    'The numbers are those of a seed: it decides every jitter and the variants of a fault. `--call` takes a part of a',
    'name as well (`--call "acme finalize"`), `--sample 20` takes twenty at random, `--jobs` says in how many processes.',
    '`--count` plays nothing and says how many calls each function makes with each operation, `--names` also which.',
    `Functions and certificates go their own ways, so that one world takes a fault on the way of each (here ${worlds}`,
    'worlds); what is broken then is played again one by one. Faults that nobody need hear of have worlds of their own,',
    'in which any word to people counts as broken. `--alone` plays one by one from the beginning.',
    '',
    '## The test of the test',
    '',
    'Each rule is broken on purpose in `test/faults/mutations/mutations.ts`, and the faults must find it:',
    '',
    ...mutations.map(({ name, rule }) => `- **${name}**: ${rule}`),
    '',
    '## Not covered',
    '',
    '- **DNS look-ups and TLS probes of ours** are no calls of the front; an endpoint that cannot be asked or serves',
    '  something else is in `test/path/roll-back.test.ts` and `test/path/deploy.test.ts`.',
    '- **Two faults on the way of one certificate.** Its recovery is played without a further one.',
    '- **Calls that only a failure leads to**, but for what an endpoint that serves something else leads to.',
    '- **Processes.** The functions run in one process, one after the other, and are ended by never being answered',
    '  again; killed as processes they are in `npm start` and `local/cloud/test/runtime/processes.test.ts`.',
    '- **A request that lies in the network for minutes.** What a frozen function has not sent is not received later.',
    '  AWS refuses a signature older than five minutes (S3: fifteen). A message is hidden for 300 seconds, so a',
    '  successor may begin before that: what it wrote to the ledger since has a late write fail on its condition,',
    '  and a nonce of the CA is spent.',
    '- **A whole service or region that is away for long**: a refusal lasts for the tries of one call.',
    '',
  ].join('\n');
}

function markdown([head = [], ...rows]: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
