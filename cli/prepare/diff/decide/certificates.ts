import { forgottenFindings } from '#shared/check/conditions/kept.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { desiredVersion } from '#shared/ledger/record/record.ts';
import { listed } from '../../../text/lists.ts';
import { readableName } from '../../../text/names.ts';
import { byId } from './affected.ts';
import { type Cause, causeOf } from './cause.ts';
import type { Compared, Difference } from './difference.ts';
import { listenersOf, successorAt } from './listeners.ts';
import { settingDifferences } from './settings.ts';
import { targetDifferences } from './targets.ts';
import { day, orderText } from './when.ts';

/** The changes of one certificate. */
export function certificateDifferences(compared: Compared, id: string): readonly Difference[] {
  const { deployed, wanted } = compared;
  const before = byId(deployed).get(id);
  const after = byId(wanted).get(id);
  if (!after) return before && deployed ? [removed(compared, deployed, before)] : [];
  const cause = causeOf(compared, after);
  if (!before || !deployed) return [added(compared, after, cause)];
  return [
    ...nameDifferences(before, after, cause),
    ...settingDifferences(before, after, cause),
    ...targetDifferences(compared, { deployed, before, after }),
  ];
}

function added(compared: Compared, certificate: CertificateConfig, cause: Cause): Difference {
  const { id, issuers, names } = certificate;
  const version = desiredVersion(cause.situation.record);
  const first = version
    ? orderText(cause) ||
      `its certificate is stored since earlier, and ends on ${day(version.notAfter)}: no order`
    : `a first certificate from ${issuers[0]} at the next check`;
  const listeners = listenersOf(compared, compared.wanted, certificate);
  const bound =
    listeners.length === 0
      ? 'kept in the key store alone'
      : `bound at ${listed(listeners.map(({ name }) => name))}`;
  return {
    ...{ sign: '+', kind: 'certificate', certificates: [id], what: id },
    text: namesText(names),
    effect: `${first}, ${bound}`,
  };
}

function removed(compared: Compared, deployed: Config, certificate: CertificateConfig): Difference {
  const { id, names } = certificate;
  return {
    ...{ sign: '-', kind: 'certificate', certificates: [id], what: id },
    text: `REMOVED (${namesText(names)})`,
    effect: [
      ...replacedBy(compared, certificate),
      stillBound(compared, deployed, certificate),
    ].join('; '),
  };
}

/** Another id is another certificate, whatever its names. */
function replacedBy({ deployed, wanted }: Compared, { names }: CertificateConfig) {
  const known = byId(deployed);
  const heir = wanted.certificates.find(
    (each) => !known.has(each.id) && names.every((name) => each.names.includes(name)),
  );
  return heir
    ? [`${heir.id} has its names, and is another certificate, with a secret and an ARN of its own`]
    : [];
}

function stillBound(compared: Compared, deployed: Config, certificate: CertificateConfig): string {
  const { now, records } = compared;
  const record = records.get(certificate.id);
  const listeners = listenersOf(compared, deployed, certificate);
  const taken = listeners.filter((each) => successorAt(compared, each) !== null);
  const takes = taken.map(
    (each) => `${successorAt(compared, each)} takes its place at ${each.name}`,
  );
  const left = record
    ? forgottenFindings(compared.wanted, record, now)
        .filter(({ about }) => !taken.some(({ name }) => name === about))
        .map(({ about, danger }) => `${about}${endText(danger.hurtsAt, now)}`)
    : listeners.filter((each) => !taken.includes(each)).map(({ name }) => name);
  if (left.length > 0) {
    const bound = record === undefined ? 'bound, as configured, at' : 'still bound at';
    return [...takes, `${bound} ${listed(left)}: nobody renews it`].join('; ');
  }
  if (takes.length > 0) return takes.join('; ');
  const version = record && desiredVersion(record);
  return `bound nowhere${version ? `; its secret stays and ends on ${day(version.notAfter)}` : ''}: nobody renews it`;
}

function endText(at: string | null, now: Date): string {
  if (at === null) return '';
  return new Date(at) <= now ? ', ended' : `, ends on ${day(at)}`;
}

function nameDifferences(
  before: CertificateConfig,
  after: CertificateConfig,
  cause: Cause,
): readonly Difference[] {
  const added = after.names.filter((name) => !before.names.includes(name));
  const removed = before.names.filter((name) => !after.names.includes(name));
  const { record } = cause.situation;
  const unchanged = desiredVersion(record)
    ? 'the stored certificate has these names already'
    : 'the first certificate is still to be issued';
  const one = (sign: '+' | '-', names: readonly string[], what: string): readonly Difference[] =>
    names.length === 0
      ? []
      : [
          {
            ...{ sign, kind: 'names', certificates: [after.id], what: namesText(names) },
            text: sign === '+' ? `in ${after.id}` : `no longer in ${after.id}`,
            effect: orderText(cause, what) || unchanged,
          },
        ];
  return [
    ...one('+', added, 'a new certificate'),
    ...one('-', removed, 'a new certificate without it'),
  ];
}

function namesText(names: readonly string[]): string {
  return listed(names.map(readableName));
}
