import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { choosing } from './choosing.ts';
import { rehearsing } from './rehearsing.ts';
import { revoking } from './revoking.ts';
import { acquiring, type Before, deploying, type State } from './state.ts';
import { type Step, stepsSince } from './steps.ts';

/** A certificate that is followed. */
export type Start = Before & {
  /**
   * The version to be served: the present one, a new one, or an earlier one that the person has chosen; `revoked` waits for
   * the CA after that. `rehearsed` waits for a rehearsal alone.
   */
  readonly awaits: 'present' | 'new' | 'chosen' | 'revoked' | 'rehearsed';
};

export type Progress = State & {
  /** All that has happened since the start. */
  readonly steps: readonly Step[];
};

/** Says how far a certificate has come since the start. Pure. */
export function progressOf(start: Start, record: CertificateRecord | null): Progress {
  if (record === null) return { steps: [], ...acquiring(start, record) };
  return { steps: stepsSince(start.record, record), ...stateOf(start, record) };
}

function stateOf(start: Start, record: CertificateRecord): State {
  if (start.awaits === 'rehearsed') return rehearsing(start, record);
  if (record.desired === null) return acquiring(start, record);
  const { awaits } = start;
  if (awaits === 'chosen') return choosing(start, record);
  if (awaits === 'revoked') return revoking(start, record);
  const isSame = record.desired === start.record?.desired || !!record.forced;
  return awaits === 'new' && isSame ? acquiring(start, record) : deploying(start, record);
}
