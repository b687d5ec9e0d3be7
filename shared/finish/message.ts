import type { LedgerEvent } from '#shared/ledger/record.ts';
import type { Message } from './channels/channel.ts';

/** Words for the details that events carry; the rest is printed by its own name. */
const labels: Readonly<Record<string, string>> = {
  names: 'Names',
  reason: 'Why',
  serial: 'Serial',
  notAfter: 'Valid until',
  validUntil: 'Valid until',
  servedUntil: 'Served ends',
  servedSerial: 'Served serial',
  newSerial: 'New serial',
  issuer: 'Issuer',
  stage: 'Stage',
  error: 'Error',
  message: 'What happened',
  attempts: 'Attempts',
  nextAttemptAt: 'Next attempt',
  nextStep: 'What to do',
  target: 'Target',
  targets: 'Targets',
  threshold: 'Days before',
  putBack: 'Put back',
  alsoAt: 'Also at',
  found: 'Found',
  served: 'Was served',
  managedBy: 'Managed by',
  changes: 'Changes',
  revokedAt: 'Revoked at',
  explanation: 'The CA says',
  link: 'To visit',
  workedLast: 'Worked last',
  region: 'Region',
  certificates: 'Certificates',
  since: 'Since',
  place: 'Place',
  arn: 'ARN',
  usedBy: 'Used by',
  bindInstead: 'Bind instead',
};

/** A detail may be called `toString`. */
function labelOf(name: string): string {
  return (Object.hasOwn(labels, name) ? labels[name] : undefined) ?? name;
}

/** An event as a person reads it in a mail: the fact first, then the details, then what to do. */
export function messageOf(event: LedgerEvent): Message {
  const { nextStep, ...details } = event.details;
  const lines = Object.entries(details)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `  ${labelOf(name).padEnd(14)} ${value}`);
  const advice = nextStep ? ['', `What to do: ${nextStep}`] : [];
  return {
    id: event.id,
    subject: `[certkeep] ${event.severity}: ${event.summary}`,
    text: [`${event.summary}.`, '', ...lines, ...advice, '', `${event.at}  ${event.id}`].join('\n'),
    attributes: {
      severity: event.severity,
      type: event.type,
      // SNS takes no empty value.
      ...(event.certificate !== null && { certificate: event.certificate }),
    },
  };
}
