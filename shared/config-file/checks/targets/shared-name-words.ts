import { isCovered } from '#shared/deploy/choice/covered-names.ts';
import { serverNames } from '#shared/deploy/probe/ask.ts';
import type { Finding } from '#shared/schema/finding.ts';
import type { Bound, Meeting } from './meeting.ts';

/** Explains a conflict of two certificates; `isTaken` where a certificate of the file is the default. */
export function sharedNameFinding(listener: string, meeting: Meeting, isTaken: boolean): Finding {
  const { of, names } = meeting;
  const [value = '', ...more] = names;
  const others = more.length === 0 ? '' : `(and ${more.length} more) `;
  return {
    path: of.path,
    value,
    message: `${others}${whoAnswers(listener, meeting)}`,
    fix: waysOut(meeting, isTaken),
  };
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html */
function whoAnswers(listener: string, { of, by, mayAnswer }: Meeting): string {
  if (isOfOtherKeys(of, by)) {
    const clients = `clients that can use ${of.chosenBy.keyFamily.toUpperCase()} keys only`;
    return `is for ${of.id}, the default of ${listener}, and for ${by.id} in its SNI list: AWS does not say what ${clients} get`;
  }
  if (mayAnswer) {
    return `may be answered by ${of.id} or by ${by.id}: both have it in the SNI list of ${listener}, with keys of one kind, and AWS does not say which one wins`;
  }
  const why =
    of.position === 'default'
      ? 'and a match there beats the default certificate'
      : 'with a longer key';
  return `is not answered by ${of.id}: ${by.id} has it in the SNI list of ${listener}, ${why}`;
}

function waysOut(meeting: Meeting, isTaken: boolean): string {
  const { of, by } = meeting;
  if (isOfOtherKeys(of, by)) {
    return `Bind ${of.id} with "certificate: sni", or "both" to keep it as the default: each client then gets the key that it can use.`;
  }
  const apart =
    'leave the name out of one of the two, or give one an ECDSA and the other an RSA key';
  const inList =
    of.position === 'default' ? `${apart} and bind both with "certificate: sni"` : apart;
  const move = moveThatHelps(meeting, isTaken);
  return move === null ? `${capital(inList)}.` : `${move}, ${inList}.`;
}

/** The default alone should have only names that no certificate in the list has. */
function moveThatHelps({ of, by }: Meeting, isTaken: boolean): string | null {
  const ofBy = serverNames(by.chosenBy.names);
  if (ofBy.some((name) => isCovered(name, of.chosenBy.names))) return null;
  const moved = `${by.id} with "certificate: default"`;
  if (of.position === 'default') return `Bind ${of.id} with "certificate: sni" and ${moved}`;
  return of.position === 'sni' && (by.position === 'both' || !isTaken) ? `Bind ${moved}` : null;
}

function isOfOtherKeys(of: Bound, by: Bound): boolean {
  return of.chosenBy.keyFamily !== by.chosenBy.keyFamily;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
