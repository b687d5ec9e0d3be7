import { oneLine } from '#shared/text/plain-text.ts';
import { wrapped } from '../../text/width.ts';
import type { AnswerLine } from './answer.ts';

const longest = { id: 64, text: 600 };

/** Returns a line for each certificate: how much of the CA's limits its order takes. Pure. */
export function costLines(lines: readonly AnswerLine[], width: number): readonly string[] {
  return lines.flatMap(({ certificate, takes = [] }) => {
    const id = oneLine(certificate, longest.id);
    if (takes.length === 0) return [`${id} takes nothing of a limit that certkeep knows.`];
    return [`${id} takes of the limits of its CA:`, ...takes.flatMap((take) => below(take, width))];
  });
}

/** Returns a line for each certificate: the work that check has sent. Pure. */
export function actionLines(lines: readonly AnswerLine[], width: number): readonly string[] {
  return lines.flatMap(({ action, certificate, reason }) => {
    const id = oneLine(certificate, longest.id);
    return wrapped(
      `${id}: ${oneLine(action, longest.id)}: ${oneLine(reason, longest.text)}`,
      width,
    );
  });
}

function below(text: string, width: number): readonly string[] {
  return wrapped(oneLine(text, longest.text), width - 2).map((line) => `  ${line}`);
}
