import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { oneLine } from '#shared/text/plain-text.ts';
import { stamp } from '../../text/times.ts';
import { wrapped } from '../../text/width.ts';

const longest = { stage: 10, text: 600 };

/** `2026-11-22 03:00 UTC  issue    issued: expires in 29 days`, and below the text what does not fit. */
export function historyLines(
  { at, stage, what, why }: CertificateRecord['history'][number],
  width: number,
): readonly string[] {
  const said = oneLine(what, longest.text);
  const because = why === null ? '' : `: ${oneLine(why, longest.text)}`;
  const head = `${stamp(at)}  ${oneLine(stage, longest.stage).padEnd(7)}  `;
  return wrapped(`${said}${because}`, width - head.length).map(
    (line, index) => (index === 0 ? head : ' '.repeat(head.length)) + line,
  );
}
