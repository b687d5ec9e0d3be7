import { waitsForRun, waitsForTurn } from '#shared/check/dispatch/decide-dispatch.ts';
import type { Start } from '../follow/progress.ts';
import type { Before } from '../follow/state.ts';
import type { AnswerLine } from '../wish/answer.ts';

/** Returns what to follow after a retry; null where nothing begins before a time, as the answer says. Pure. */
export function expectedOf(
  before: Before,
  lines: readonly AnswerLine[],
): { readonly start: Start | null } {
  const line = lines.find(({ certificate }) => certificate === before.id);
  const isIssued = line?.action === 'issue' || (before.record?.attempt ?? null) !== null;
  const isLater = line?.action === 'wait' && !soon.some((text) => line.reason.endsWith(text));
  return { start: isLater ? null : { ...before, awaits: isIssued ? 'new' : 'present' } };
}

/** It begins within minutes. */
const soon = [waitsForRun, waitsForTurn];
