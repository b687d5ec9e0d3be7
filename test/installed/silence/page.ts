import { writeFileSync } from 'node:fs';
import type { Row } from './play.ts';
import { timeText } from './row-text.ts';

const page = new URL('../../../docs/reliability-silence.md', import.meta.url);

/** Writes docs/reliability-silence.md from the rows of a run. */
export function writePage(rows: readonly Row[]): void {
  writeFileSync(page, pageOf(rows));
}

function pageOf(rows: readonly Row[]): string {
  const of = (verdict: string) => rows.filter((row) => row.verdict === verdict);
  const [told, unneeded] = [of('told'), of('unneeded')];
  const silent = rows.filter((row) => !told.includes(row) && !unneeded.includes(row));
  return [
    '# Who hears when a part stops',
    '',
    'Written by `npm run silence -- --page`; [reliability.md](reliability.md) holds the rules that this shows.',
    '',
    'An installation lives on the local cloud and a virtual clock, with its schedules, its alarms, a replica, a listener in another',
    'account and a heartbeat, until two hours before its certificates are renewed. Then one part is stopped, in the cloud itself:',
    'deleted past CloudFormation, switched off, denied to a role, or failing. It stays so until somebody hears, or until everything was',
    'renewed and is served without it. What tells people of a watcher does so within a day, and of what renews certificates at least a',
    'week before clients are hurt; where they are hurt at once, within an hour. The stopped part is gone in that cloud, so no message can have used it.',
    '',
    `**${rows.length} parts: of ${told.length} people hear in time, ${unneeded.length} are not needed for a renewal, ${silent.length} stop in silence.**`,
    '',
    '`alerts` and `watch` are the topics at home, `watch in eu-west-1` the one of the first replica. `heartbeat` is a dead-man service that misses',
    'its request for an hour. "clients have" is how long what is served stays valid when people hear.',
    '',
    ...(silent.length > 0 ? ['## In silence', '', ...table(silent), ''] : []),
    '## Told in time',
    '',
    ...table(told),
    '',
    '## Not needed for a renewal',
    '',
    'Everything was renewed, deployed and served without it. It serves people, cleaning up, what fails, or what seldom happens; or it is read once',
    'in the life of a container, which here outlives the row.',
    '',
    unneeded.map(({ how, part }) => `${part} (${how})`).join(', '),
    '',
  ].join('\n');
}

function table(rows: readonly Row[]): readonly string[] {
  return [
    '| part | stopped by being | people hear after | over | of | clients have |',
    '|---|---|---|---|---|---|',
    ...rows.map(({ heard, how, leftMs, part }) => {
      const [first, ...more] = heard;
      const others = more.map(({ afterMs, way }) => `${way} after ${timeText(afterMs)}`).join(', ');
      const cells = [
        ...[part, how],
        ...(first
          ? [timeText(first.afterMs), first.way, `${first.what}${others && `; then ${others}`}`]
          : ['never', '', '']),
        leftMs === null ? '' : timeText(leftMs),
      ];
      return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
    }),
  ];
}
