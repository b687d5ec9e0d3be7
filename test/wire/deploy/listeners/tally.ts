import type { Story } from './act.ts';
import type { Played } from './play.ts';

type Row = {
  cases: number;
  proven: number;
  heldBack: number;
  putBack: number;
  changes: number;
  mostChanges: number;
};

/** What became of many stories, by position, what was there and what happened. */
export function tally() {
  const rows = new Map<string, Row>();
  return {
    add(story: Story, { acts }: Played): void {
      const key = [
        story.kind === 'clb' ? 'classic' : story.position,
        thereIn(story),
        actsIn(story),
      ];
      const row = rows.get(key.join(' | ')) ?? emptyRow();
      rows.set(key.join(' | '), row);
      const last = acts.at(-1)?.deployment;
      const counts = acts.map(({ changes }) => changes.length);
      row.cases += 1;
      row.proven += Number(last?.state === 'proven');
      row.heldBack += Number(last?.state !== 'proven');
      row.putBack += Number(acts.some(({ events }) => events.some(isPutBack)));
      row.changes += counts.reduce((sum, each) => sum + each, 0) / Math.max(1, counts.length);
      row.mostChanges = Math.max(row.mostChanges, ...counts);
    },
    /** A table in Markdown; changes are calls that changed something, for each act. */
    text(): string {
      const head = [
        '| position | what was there | what happened | cases | proven | held back | put back once | changes, mean | max |',
        '|---|---|---|---|---|---|---|---|---|',
      ];
      const body = [...rows].toSorted().map(([key, row]) => {
        const mean = (row.changes / row.cases).toFixed(1);
        const { cases, proven, heldBack, putBack, mostChanges } = row;
        return `| ${key} | ${[cases, proven, heldBack, putBack, mean, mostChanges].join(' | ')} |`;
      });
      return [...head, ...body].join('\n');
    },
  };
}

function emptyRow(): Row {
  return { cases: 0, proven: 0, heldBack: 0, putBack: 0, changes: 0, mostChanges: 0 };
}

function isPutBack({ type }: { readonly type: string }): boolean {
  return type === 'rolled-back';
}

function thereIn({ list, standard }: Story): string {
  if (list.length === 0) return 'a default';
  if (list.length > 20) return 'a full list';
  return list.includes(standard) ? 'the default listed as well' : 'others listed';
}

function actsIn({ acts }: Story): string {
  if (acts.some(({ do: what }) => what === 'contest')) return 'contested';
  if (acts.some(({ isStuck }) => isStuck)) return 'not served at first';
  if (acts.some(({ change }) => change !== null)) return 'changed by hand';
  if (acts.some(({ diesAfter }) => diesAfter !== null)) return 'a run dies';
  if (acts.some(({ do: what }) => what === 'move')) return 'moved';
  return acts.filter(({ do: what }) => what === 'issue').length > 1 ? 'renewed' : 'issued';
}
