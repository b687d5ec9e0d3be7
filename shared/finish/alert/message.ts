import type { Message } from '#shared/channels/channel.ts';
import type { LedgerEvent } from '#shared/ledger/record/record.ts';
import { oneLine, quoted } from '#shared/text/plain-text.ts';

/** Labels for the details of events; other details are printed by their own names. */
const labels: Readonly<Record<string, string>> = {
  names: 'Names',
  reason: 'Why',
  serial: 'Serial',
  notAfter: 'Valid until',
  validUntil: 'Valid until',
  servedUntil: 'Served until',
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
  threshold: 'Warning days',
  putBack: 'Put back',
  alsoAt: 'Also at',
  found: 'Found',
  served: 'Endpoint said',
  managedBy: 'Managed by',
  changes: 'Changes',
  revokedAt: 'Revoked at',
  explanation: 'The CA says',
  link: 'Open this link',
  workedLast: 'Last success',
  region: 'Region',
  certificates: 'Certificates',
  since: 'Since',
  place: 'Place',
  arn: 'ARN',
  usedBy: 'Used by',
  bindInstead: 'Bind instead',
};

/** The source of a detail with somebody else's words, which are quoted. A sentence of certkeep quotes them already. */
const sources: Readonly<Record<string, string>> = {
  explanation: 'a page of the CA',
  served: 'as the endpoint answered',
  managedBy: 'by the tags of the load balancer',
};

/** For a list of names, or a link with a ticket in it; SNS takes 256 KB, and people a screen. */
const longest = { names: 4_000, link: 4_000, summary: 500, advice: 1_000, detail: 1_500, name: 40 };

/** Formats an event for a mail: the fact first, then the details, then the next step; one line each. */
export function messageOf(event: LedgerEvent): Message {
  const { nextStep, ...details } = event.details;
  const summary = oneLine(event.summary, longest.summary);
  const lines = Object.entries(details)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `  ${labelOf(name).padEnd(14)} ${detailText(name, String(value))}`);
  const advice = nextStep ? ['', `What to do: ${oneLine(String(nextStep), longest.advice)}`] : [];
  const id = oneLine(event.id, longest.detail);
  return {
    id: event.id,
    subject: `[certkeep] ${event.severity}: ${summary}`,
    text: [`${summary}.`, '', ...lines, ...advice, '', `${event.at}  ${id}`].join('\n'),
    attributes: {
      severity: event.severity,
      type: event.type,
      // SNS takes no empty value.
      ...(event.certificate !== null && { certificate: event.certificate }),
    },
  };
}

function labelOf(name: string): string {
  return own(labels, name) ?? oneLine(name, longest.name);
}

function detailText(name: string, value: string): string {
  const line = oneLine(value, name === 'names' || name === 'link' ? longest[name] : longest.detail);
  const source = own(sources, name);
  return source ? `${quoted(line)} (${source})` : line;
}

/** A detail may be called `toString`. */
function own(texts: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(texts, name) ? texts[name] : undefined;
}
