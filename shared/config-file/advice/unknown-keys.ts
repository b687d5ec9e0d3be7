import type { Path } from '#shared/schema/finding.ts';
import { nearest } from '#shared/text/suggest.ts';
import { printable } from '../messages/problem.ts';
import { placeIn } from './place-in.ts';

const chat =
  'Chats are not spoken to by certkeep itself: subscribe what you have to the SNS topic of the installation, and write addresses under "email:".';
const deadMan =
  'Put the address into a secret (aws secretsmanager create-secret), and write "heartbeat: {secret: …}" with its name.';
const ownTopic =
  'The installation has an SNS topic of its own: write addresses under "email:", or subscribe to that topic what is to hear of it.';
const noSwitch =
  'There is no switch: remove the certificate or its targets, or keep renewals out with "maintenance: {timeZone: UTC, freeze: [2026-12-15..2027-01-05]}".';
const bySelector =
  'Solvers are chosen by their "selector:", under "solvers:"; a certificate names none.';
const noHooks =
  'Commands are not run: what is to act on a new certificate listens to the events of the installation.';
const names = 'Write "names:".';

/** Keys of other programs, and words that people try, by the place where they write them. */
const known: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '': {
    version: 'Remove it: the file has no version.',
    certificate: 'Write "certificates:", and each certificate below it by an id of yours.',
    domains: 'Write them as "names:" of an entry under "certificates:".',
    region: 'Write it below "home:".',
    account: 'Write it below "home:".',
    email:
      'Write "alerts: {email: […]}" for messages of certkeep; "contact:" of an issuer is for the CA.',
    notifications: 'Write "alerts:".',
  },
  alerts: {
    slack: chat,
    teams: chat,
    webhook: chat,
    webhooks: chat,
    chatbot: chat,
    pagerduty: chat,
    discord: chat,
    channels: chat,
    snsTopic: ownTopic,
    topic: ownTopic,
    topicArn: ownTopic,
    emails: 'Write "email:" and a list.',
    expiring: 'Write "expiringDays:".',
    heartbeatUrl: deadMan,
    healthchecks: deadMan,
    deadMansSnitch: deadMan,
    ping: deadMan,
    to: 'Write "email:" and a list.',
  },
  'alerts.email.*': {
    email: 'Write "address:".',
    mail: 'Write "address:".',
    to: 'Write "address:".',
    owner: 'Write "owners:" and a list.',
    severity: 'Write "severities:" and a list.',
    from: 'Write "severities:" and a list: "severities: [critical, warning]".',
    certificates: 'Give the certificates an "owner:", and write "owners:" here.',
  },
  'issuers.*': {
    email: 'Write "contact: [mailto:…]".',
    server: 'Write "directory:".',
    url: 'Write "directory:".',
    eab: 'Write "externalAccountBinding: {secret: …}".',
    tos: 'Write "termsOfServiceAgreed: true" once you have read the terms of the CA.',
    agreeTos: 'Write "termsOfServiceAgreed: true" once you have read the terms of the CA.',
    privateKeySecretRef: 'Remove it: certkeep makes and keeps the key of the account itself.',
  },
  'issuers.*.externalAccountBinding': {
    keyID: 'It stands in the secret, as "kid".',
    kid: 'It stands in the secret: name that with "secret:".',
    hmacKey: 'It stands in the secret: name that with "secret:".',
    keySecretRef: 'Write "secret:" and the name of a secret in Secrets Manager.',
  },
  'solvers.*': {
    role: 'Did you mean "roleArn"?',
    zoneId: 'Did you mean "hostedZoneId"?',
    zone: 'Write "selector: {dnsZones: […]}" for what it proves, "hostedZoneId:" for the zone of Route 53.',
    domains: 'Write "selector: {dnsZones: […]}".',
    dnsZones: 'Write it below "selector:".',
    dnsNames: 'Write it below "selector:".',
    region: 'Remove it: Route 53 has none, and the ARN of a listener names its own.',
    accessKeyID: 'certkeep acts in a role: write "roleArn:".',
    accessKeyId: 'Put credentials into a secret of Secrets Manager, and its name under "secret:".',
    secretAccessKeySecretRef: 'certkeep acts in a role: write "roleArn:".',
    apiToken: 'Put it into a secret of Secrets Manager, and the name of that under "secret:".',
    token: 'Put it into a secret of Secrets Manager, and the name of that under "secret:".',
    apiKey: 'Put it into a secret of Secrets Manager, and the name of that under "secret:".',
  },
  'certificates.*': {
    domain: names,
    domains: names,
    dnsNames: names,
    hostnames: names,
    sans: names,
    subjectAltNames: names,
    commonName: 'The first of "names:" is asked for as the common name; write it there.',
    issuers: 'Write "issuer:"; it takes a list too.',
    owners: 'Write "owner:"; a certificate has one.',
    team: 'Write "owner:".',
    contact: 'Write "owner:", and who hears of that owner under "alerts: {email: […]}".',
    alerts: 'Write "owner:", and who hears of that owner under "alerts: {email: […]}".',
    email: 'Write "owner:", and who hears of that owner under "alerts: {email: […]}".',
    issuerRef: 'Write "issuer:" and the name of an issuer above.',
    ca: 'Write "issuer:" and the name of an issuer above.',
    keyType: 'Did you mean "key"?',
    keyAlgorithm: 'Did you mean "key"?',
    privateKey: 'Write "key:", and "rotation:" for whether renewals make a new one.',
    target: 'Did you mean "targets"?',
    listener: 'Write it as a target: "targets: [{type: alb, listener: arn:aws:…}]".',
    solver: bySelector,
    solvers: bySelector,
    paused: noSwitch,
    enabled: noSwitch,
    disabled: noSwitch,
    duration: 'The CA says how long a certificate lives; some take a "profile:" of the issuer.',
    usages: 'Remove it: certificates are for servers, and the CA says what else.',
    mustStaple: 'Remove it: certkeep asks for no such certificates.',
    ipAddresses: 'Remove it: certkeep asks for DNS names only.',
    secretName: 'Remove it: the secret of a certificate is named by the installation and its id.',
    kmsKey: 'Remove it: the installation makes a KMS key of its own.',
    renewHook: noHooks,
    deployHook: noHooks,
    hooks: noHooks,
    profile: 'Write it at the issuer; another profile is another issuer.',
  },
  'certificates.*.targets.*': {
    arn: 'Did you mean "listener"?',
    listenerArn: 'Did you mean "listener"?',
    loadBalancerArn: 'Write the ARN of a listener as "listener:".',
    sni: 'Write "certificate: sni".',
    name: 'Did you mean "loadBalancer"?',
  },
  maintenance: {
    timezone: 'Did you mean "timeZone"?',
    windows: 'Write "allow:" or "forbid:".',
    dates: 'Write "freeze: [2026-12-15..2027-01-05]".',
    except: 'Write "forbid:" for parts of the week, "freeze:" for dates.',
  },
};

/** The fix for a key that is unknown in its place. */
export function unknownKeyFix(path: Path, key: string, keys: readonly string[]): string {
  if (key === '<<') {
    return 'Merge keys are not read. Use an anchor for a whole value (targets: *shop), or write it out.';
  }
  const place = placeIn(path)
    .replace(/^retired\./, '')
    .replace(/^certificates\.\*\.maintenance/, 'maintenance');
  const told = known[place];
  const words = told && Object.hasOwn(told, key) ? told[key] : undefined;
  if (words) return words;
  const meant = nearest(key, keys);
  return meant
    ? `Did you mean "${printable(meant)}"?`
    : `Remove it. Known here: ${keys.join(', ')}.`;
}
