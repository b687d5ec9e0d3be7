import type { Path } from '#shared/schema/finding.ts';
import { printable } from '../messages/problem.ts';
import type { Advice, Words } from './advice.ts';
import { directoryAdvice, issuerTypeAdvice, termsAdvice } from './issuers.ts';
import { keyAdvice, secretsKeyAdvice } from './keys.ts';
import { dateAdvice, timeZoneAdvice, windowAdvice } from './maintenance.ts';
import { placeIn } from './place-in.ts';
import { hostedZoneAdvice, roleAdvice, solverTypeAdvice } from './solvers.ts';
import { balancerAdvice, listenerAdvice, targetTypeAdvice } from './targets.ts';
import {
  contactAdvice,
  daysAdvice,
  durationAdvice,
  emailAdvice,
  listAdvice,
  regionAdvice,
  thresholdAdvice,
} from './texts.ts';
import { topicAdvice } from './topics.ts';

const advice: Readonly<Record<string, Advice>> = {
  'home.region': regionAdvice,
  'replicas.*': regionAdvice,
  replicas: listAdvice,
  'alerts.email': listAdvice,
  'alerts.expiringDays': listAdvice,
  'alerts.expiringDays.*': thresholdAdvice,
  'alerts.email.*': emailAdvice,
  'alerts.email.*.address': emailAdvice,
  'alerts.email.*.owners': listAdvice,
  'alerts.email.*.severities': listAdvice,
  'alerts.snsTopic': topicAdvice,
  'alerts.snsTopicKey': keyAdvice,
  'keyStore.kmsKey': secretsKeyAdvice,
  kmsKeys: listAdvice,
  'kmsKeys.*': secretsKeyAdvice,
  'issuers.*.type': issuerTypeAdvice,
  'issuers.*.directory': directoryAdvice,
  'issuers.*.termsOfServiceAgreed': termsAdvice,
  'issuers.*.contact': listAdvice,
  'issuers.*.contact.*': contactAdvice,
  'solvers.*.type': solverTypeAdvice,
  'solvers.*.hostedZoneId': hostedZoneAdvice,
  'solvers.*.roleArn': roleAdvice,
  'solvers.*.selector.dnsNames': listAdvice,
  'solvers.*.selector.dnsZones': listAdvice,
  'certificates.*.names': listAdvice,
  'certificates.*.renewBefore': durationAdvice,
  'certificates.*.renewBeforeDays': daysAdvice,
  'certificates.*.targets.*.type': targetTypeAdvice,
  'certificates.*.targets.*.listener': listenerAdvice,
  'certificates.*.targets.*.loadBalancer': balancerAdvice,
  'maintenance.timeZone': timeZoneAdvice,
  'maintenance.allow': listAdvice,
  'maintenance.allow.*': windowAdvice,
  'maintenance.forbid': listAdvice,
  'maintenance.forbid.*': windowAdvice,
  'maintenance.freeze': listAdvice,
  'maintenance.freeze.*': dateAdvice,
};

const longest = 512;

export function valueAdvice(path: Path, value: unknown, raw: unknown): Partial<Words> | null {
  const place = placeIn(path)
    .replace(/^retired\./, '')
    .replace(/^certificates\.\*\.maintenance/, 'maintenance');
  const found = Object.hasOwn(advice, place) ? advice[place] : undefined;
  if (!found || typeof value === 'object') return null;
  const text = value === undefined ? '' : String(value);
  // The text becomes a part of the message.
  return printable(text, longest) === text ? found(text, path, raw) : null;
}
