import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { oneLine } from '#shared/text/plain-text.ts';
import { stamp } from '../../text/times.ts';

const longest = { stage: 10, text: 600 };

/** `2026-11-22 03:00 UTC  issue    issued: expires in 29 days` */
export function historyLine({
  at,
  stage,
  what,
  why,
}: CertificateRecord['history'][number]): string {
  const said = oneLine(what, longest.text);
  const because = why === null ? '' : `: ${oneLine(why, longest.text)}`;
  return `${stamp(at)}  ${oneLine(stage, longest.stage).padEnd(7)}  ${said}${because}`;
}
