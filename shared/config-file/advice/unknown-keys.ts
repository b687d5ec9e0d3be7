import type { Path } from '#shared/schema/finding.ts';
import { nearest } from '#shared/text/suggest.ts';
import { printable } from '../messages/problem.ts';
import { foreignKeyFix } from './foreign-keys.ts';
import { placeIn } from './place-in.ts';

const chat =
  'certkeep sends e-mail: write the e-mail address of the channel (Slack and Teams have one) under "email:".';
const webhook =
  'certkeep sends e-mail: let an EventBridge rule post the events of the installation to an API destination, and write addresses under "email:".';
const telephone =
  'Subscribe the number to the SNS topic of the installation: aws sns subscribe --protocol sms. Each message has a short form for it.';
const freeze =
  'Write "maintenance: {timeZone: UTC, freeze: [2026-12-15..2027-01-05]}", with a time zone of yours.';
const deadMan =
  'Put the address into a secret (aws secretsmanager create-secret), and write "heartbeat: {secret: …}" with its name.';
const ownTopic =
  'Write "snsTopic:" and the ARN of your topic; the installation has one of its own besides, to which addresses under "email:" are subscribed.';
const ownKey =
  'One key encrypts all secrets: write "keyStore: {kmsKey: arn:…}" once, at the margin, or leave it out for the key that the installation makes; that of AWS (alias/aws/secretsmanager) is not used.';
const ownBucket =
  'Remove it: the buckets are made with the installation, because they refuse every other writer as a whole, which would lock out whoever uses a bucket already. Their names are INSTALLATION-ACCOUNT-REGION: for another beginning write "installation:". After an earlier installation, whose buckets stay, the next one needs another name.';
const noSwitch =
  'There is no switch: remove the certificate or its targets, or keep renewals out with "maintenance: {timeZone: UTC, freeze: [2026-12-15..2027-01-05]}".';
const bySelector =
  'Solvers are chosen by their "selector:", under "solvers:"; a certificate names none.';
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
    bucket: ownBucket,
    buckets: ownBucket,
    bucketName: ownBucket,
    ledger: ownBucket,
    ledgerBucket: ownBucket,
    storage: ownBucket,
    s3: ownBucket,
    s3Bucket: ownBucket,
    kmsKey: ownKey,
    kmsKeyId: ownKey,
    keyStores: 'Write "keyStore:".',
    freeze,
  },
  alerts: {
    slack: chat,
    teams: chat,
    webhook,
    webhooks: webhook,
    chatbot: chat,
    pagerduty: webhook,
    discord: chat,
    channels: chat,
    sms: telephone,
    phone: telephone,
    sns: ownTopic,
    snsTopicArn: ownTopic,
    topics: 'Write "snsTopic:" and one ARN; what else is to hear is subscribed to that topic.',
    kmsKey: 'Write "snsTopicKey:" for the key that encrypts your topic.',
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
  'issuers.*.rehearsal': {
    eab: 'Write "externalAccountBinding: {secret: …}".',
    url: 'Write "directory:".',
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
    freeze,
    paused: noSwitch,
    enabled: noSwitch,
    disabled: noSwitch,
    duration: 'The CA says how long a certificate lives; some take a "profile:" of the issuer.',
    secretName: 'Remove it: the secret of a certificate is named by the installation and its id.',
    kmsKey: ownKey,
    kmsKeyId: ownKey,
    kmsKeyAlias: ownKey,
    profile: 'Write it at the issuer; another profile is another issuer.',
  },
  'certificates.*.targets.*': {
    arn: 'Did you mean "listener"?',
    listenerArn: 'Did you mean "listener"?',
    loadBalancerArn: 'Write the ARN of a listener as "listener:".',
    sni: 'Write "certificate: sni".',
    name: 'Did you mean "loadBalancer"?',
  },
  home: {
    bucket: ownBucket,
    kmsKey: ownKey,
  },
  keyStore: {
    bucket: ownBucket,
    type: 'Remove it: keys are kept in AWS Secrets Manager.',
    kmsKeyId: 'Write "kmsKey:".',
    kmsKeyArn: 'Write "kmsKey:".',
    key: 'Write "kmsKey:".',
    alias: 'Write "kmsKey:" and the ARN of the key.',
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
  const fix = words ?? foreignKeyFix(place, key);
  if (fix) return fix;
  const meant = nearest(key, keys);
  return meant
    ? `Did you mean "${printable(meant)}"?`
    : `Remove it. Known here: ${keys.join(', ')}.`;
}
