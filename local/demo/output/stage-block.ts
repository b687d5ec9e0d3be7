import type { Paint } from '#cli/text/paint.ts';
import { cut } from '#cli/text/width.ts';
import { oneLine } from '#shared/text/plain-text.ts';
import { type StageNow, stagesNow } from '../stage-now.ts';

export type Standing = StageNow & { readonly id: string };

const explained: Readonly<Record<StageNow['stage'], string>> = {
  check: 'wait for their turn',
  issue: 'are ordered at the CA',
  deploy: 'go to ACM and load balancers',
  verify: 'are asked for at endpoints',
  sync: 'are copied to other regions',
  served: 'are proven',
};

/** The first line says it all; below it a line for each stage, with the certificates as far as they fit. */
export function stageBlock(
  standings: readonly Standing[],
  seconds: number,
  { paint, width }: { readonly paint: Paint; readonly width: number },
): readonly string[] {
  const served = standings.filter(({ stage }) => stage === 'served').length;
  const failing = standings.filter(({ failure }) => failure !== null);
  const trouble = failing.length > 0 ? `, ${failing.length} failing` : '';
  const head = `${seconds.toFixed(0).padStart(4)} s  ${served} of ${standings.length} served${trouble}`;
  const rows = stagesNow.map((stage) => {
    const here = standings.filter((each) => each.stage === stage);
    const words = `  ${stage.padEnd(6)} ${String(here.length).padStart(5)}  ${explained[stage].padEnd(28)}`;
    const ids = stage === 'served' ? '' : here.map(({ id }) => id).join(' ');
    const line = cut(`${words}  ${ids}`.trimEnd(), width - 1);
    if (here.length === 0) return paint('dim', line);
    return stage === 'served' ? paint('green', line) : line;
  });
  const [first] = failing;
  const why = first?.failure
    ? [
        cut(
          `  ${first.id}: ${first.failure.error}: ${oneLine(first.failure.message, 300)}`,
          width - 1,
        ),
      ]
    : [];
  return [cut(head, width - 1), ...rows, ...why.map((line) => paint('red', line))];
}
