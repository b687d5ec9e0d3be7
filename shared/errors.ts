import type { Stage } from './stage.ts';

type Failure = {
  readonly stage: Stage;
  /** Says whether a later try can succeed although nobody has changed anything. */
  readonly retryable: boolean;
  /** The operator's next step. */
  readonly nextStep: string;
};

/** Every failure certkeep names. Each has a heading in docs/runbook.md (a test ties them). */
export const catalogue = {
  ConfigurationInvalid: {
    stage: 'check',
    retryable: false,
    nextStep: 'Correct what is named and deploy again.',
  },
  ConfigurationChanged: {
    stage: 'check',
    retryable: false,
    nextStep: 'Deploy the configuration instead of editing its copy in the bucket.',
  },
  CertificateUnknown: {
    stage: 'check',
    retryable: false,
    nextStep: 'Name a certificate of the configuration.',
  },
  ForceTooCostly: {
    stage: 'check',
    retryable: false,
    nextStep: 'Leave it, or insist: invoke the alias "override".',
  },
  OverrideUsedUp: {
    stage: 'check',
    retryable: false,
    nextStep: 'Wait until a day after the time named, or force without overriding.',
  },
  RenewBeforeTooLong: {
    stage: 'check',
    retryable: false,
    nextStep: 'Make renewBeforeDays shorter than the life of the certificate, or leave it out.',
  },
  LedgerConflict: {
    stage: 'check',
    retryable: true,
    nextStep:
      'Nothing: the next run continues. If it repeats, look for a second installation on the same bucket.',
  },
  LedgerUnreadable: {
    stage: 'check',
    retryable: false,
    nextStep: 'Restore an earlier version of the record from the versioned bucket.',
  },
  WrittenByNewerRelease: {
    stage: 'check',
    retryable: false,
    nextStep: 'Update the functions: deploy the release that has written it, or a later one.',
  },
  LeaseLost: {
    stage: 'check',
    retryable: true,
    nextStep: 'Nothing: another run took over and continues.',
  },
  KeyStoreUnreadable: {
    stage: 'store',
    retryable: true,
    nextStep: 'Check the secret and the permissions of its KMS key.',
  },
  KeyStoreFull: {
    stage: 'store',
    retryable: true,
    nextStep:
      'Remove staging labels that certkeep did not make from the secret; it drops its own by itself.',
  },
  ReusedKeyMissing: {
    stage: 'store',
    retryable: false,
    nextStep:
      'Restore the secret of the certificate. If the key is lost, force a renewal: it makes a new key, which clients that pin the old one refuse.',
  },
  StoredVersionDiffers: {
    stage: 'store',
    retryable: false,
    nextStep: 'Compare the secret version with the record; somebody else wrote to this secret.',
  },
  IssuerUnreachable: {
    stage: 'issue',
    retryable: true,
    nextStep: 'Check the directory URL and the CA status page.',
  },
  IssuerRefused: {
    stage: 'issue',
    retryable: true,
    nextStep: 'Read the problem the CA reports and correct what it names.',
  },
  IssuerRateLimited: {
    stage: 'issue',
    retryable: true,
    nextStep: 'Nothing until the time named; the attempt is parked.',
  },
  BudgetSpent: {
    stage: 'issue',
    retryable: true,
    nextStep:
      'Nothing until the time named. If that is too late, name a further issuer, or override the limit once (the alias "override").',
  },
  IssuerAnswerInvalid: {
    stage: 'issue',
    retryable: true,
    nextStep: 'The CA broke the protocol; report it to the CA with the detail given.',
  },
  ProfileUnavailable: {
    stage: 'issue',
    retryable: false,
    nextStep: 'Correct the profile of the issuer, or leave it out.',
  },
  ExternalAccountUnreadable: {
    stage: 'issue',
    retryable: false,
    nextStep: 'Write the secret of the external account binding, as the CA gave its values.',
  },
  ExternalAccountRefused: {
    stage: 'issue',
    retryable: false,
    nextStep:
      'Get a new external account binding from the CA, write it into the secret named, and retry.',
  },
  CertificateNotYetValid: {
    stage: 'issue',
    retryable: true,
    nextStep: 'Nothing: the certificate is taken into service when its validity begins.',
  },
  OrderInvalid: {
    stage: 'issue',
    retryable: true,
    nextStep: 'Read the challenge error; the usual cause is DNS delegation or a CAA record.',
  },
  OrderTimedOut: {
    stage: 'issue',
    retryable: true,
    nextStep: 'Nothing: the next run resumes the same order.',
  },
  OrderStuck: {
    stage: 'issue',
    retryable: true,
    nextStep:
      'Nothing: another issuer, or another order, takes its place. Ask the CA if it repeats.',
  },
  DueWhenIssued: {
    stage: 'issue',
    retryable: true,
    nextStep:
      'Ask the CA why it issues what is to be replaced at once, or correct what the message names; the next one is ordered after a growing wait.',
  },
  OrderForgotten: {
    stage: 'issue',
    retryable: true,
    nextStep: 'Nothing: another order takes its place. Ask the CA if it repeats.',
  },
  StagingRefused: {
    stage: 'issue',
    retryable: false,
    nextStep: 'Name an issuer that clients trust, or make a certificate of its own for trying out.',
  },
  ChallengeUnsupported: {
    stage: 'issue',
    retryable: false,
    nextStep: 'Configure a solver for a challenge type that the CA offers for this name.',
  },
  RevocationListUnavailable: {
    stage: 'issue',
    retryable: true,
    nextStep: 'Nothing: it is asked for again. Renewals do not wait for it.',
  },
  RevocationListInvalid: {
    stage: 'issue',
    retryable: true,
    nextStep: 'The CA publishes a list that cannot be believed; report it to the CA.',
  },
  SolverMissing: {
    stage: 'issue',
    retryable: false,
    nextStep:
      'Add a solver whose selector covers the name, or name one that has left under retired.solvers.',
  },
  ZoneNotFound: {
    stage: 'issue',
    retryable: false,
    nextStep: 'Create a public zone for the name at the DNS service, or correct the name.',
  },
  ZoneNotDelegated: {
    stage: 'issue',
    retryable: false,
    nextStep:
      'Delegate the zone to the name servers named, or let a solver for the zone that is delegated prove the name.',
  },
  ChallengeCnameUnusable: {
    stage: 'issue',
    retryable: false,
    nextStep: 'Set cnameStrategy: follow, or correct or remove the CNAME.',
  },
  CaaForbids: {
    stage: 'issue',
    retryable: false,
    nextStep: 'Allow the CA in the CAA records named, or use an issuer that they allow.',
  },
  DnsCredentialsUnreadable: {
    stage: 'issue',
    retryable: false,
    nextStep: 'Put the credentials into the secret in the form that docs/configuration.md shows.',
  },
  DnsCredentialsRefused: {
    stage: 'issue',
    retryable: false,
    nextStep: 'Give the key, token or role the rights named, or replace it in the secret.',
  },
  DnsServiceUnreachable: {
    stage: 'issue',
    retryable: true,
    nextStep: 'Check the status page of the DNS service.',
  },
  DnsRateLimited: {
    stage: 'issue',
    retryable: true,
    nextStep: 'Nothing until the time named. If it repeats, find out who else uses up the limit.',
  },
  DnsChangeRefused: {
    stage: 'issue',
    retryable: true,
    nextStep: 'Read the message of the DNS service; check the permissions on the zone.',
  },
  DnsChangeTimedOut: {
    stage: 'issue',
    retryable: true,
    nextStep:
      'Nothing: the next run looks again. If it repeats, check the name servers named and the status of the DNS service.',
  },
  RunOutOfTime: {
    stage: 'issue',
    retryable: true,
    nextStep:
      'Nothing: the next run goes on. If it repeats, look in the log for what does not answer: the CA, the DNS service, or the listener.',
  },
  NameWithoutAddress: {
    stage: 'issue',
    retryable: false,
    nextStep:
      'Point the name at the load balancer, or let a solver that answers through DNS prove it.',
  },
  ListenerRoleRefused: {
    stage: 'issue',
    retryable: false,
    nextStep:
      'Deploy the stack of the account again: it creates the role named, and says what it may do.',
  },
  ChallengeListenerUnusable: {
    stage: 'issue',
    retryable: false,
    nextStep: 'Name an HTTP listener of an Application Load Balancer in the solver.',
  },
  ListenerRulesFull: {
    stage: 'issue',
    retryable: false,
    nextStep:
      'Raise the quota of rules for the load balancer, remove unused ones, move those with the lowest priorities, or set rule: permanent.',
  },
  ChallengeRuleRefused: {
    stage: 'issue',
    retryable: true,
    nextStep: 'Read the ELB message; nothing was asked of the CA yet.',
  },
  ChallengeTokenTaken: {
    stage: 'issue',
    retryable: true,
    nextStep:
      'Ask the CA: it hands out a token that another one has given out, or somebody writes into the bucket.',
  },
  ChallengeNotServed: {
    stage: 'issue',
    retryable: true,
    nextStep:
      'Ask the URL named yourself: the listener must be reachable from everywhere, and answer with the rule of certkeep.',
  },
  AttemptNotOurs: {
    stage: 'issue',
    retryable: false,
    nextStep:
      'Somebody else wrote to the record: find out who (CloudTrail, earlier versions of the object), take the right away, and have a certificate for a foreign key revoked.',
  },
  CertificateRejected: {
    stage: 'issue',
    retryable: true,
    nextStep: 'The CA returned a certificate that does not fit the request; report it to the CA.',
  },
  PlaceNotReachable: {
    stage: 'import',
    retryable: false,
    nextStep:
      'Deploy the stack of that account, and check that the role it creates is the one the message names.',
  },
  RightsNotProven: {
    stage: 'import',
    retryable: false,
    nextStep:
      'Find what denies the statement named (a service control policy, a permissions boundary, a changed role) before the next renewal: it fails in the same way.',
  },
  ServiceThrottled: {
    stage: 'import',
    retryable: true,
    nextStep:
      'Nothing: it is tried again within minutes. If it repeats, find out in CloudTrail who else uses up the limit.',
  },
  ServiceDenied: {
    stage: 'import',
    retryable: false,
    nextStep:
      'Look for a service control policy, a permissions boundary or a missing tag, and compare the statements of the role; `aws iam simulate-principal-policy` says what decides.',
  },
  ServiceRefused: {
    stage: 'import',
    retryable: true,
    nextStep: 'Read the message of AWS: something there is not as certkeep expects it.',
  },
  ServiceFailed: {
    stage: 'import',
    retryable: true,
    nextStep:
      'Nothing: it is tried again within minutes. If it repeats, look at the AWS Health Dashboard.',
  },
  ImportLaneFull: {
    stage: 'import',
    retryable: true,
    nextStep: 'Nothing until the time named: ACM takes one import a second in a place.',
  },
  ImportRefused: {
    stage: 'import',
    retryable: true,
    nextStep: 'Read the ACM message; the old certificate stays in service.',
  },
  ImportQuotaReached: {
    stage: 'import',
    retryable: false,
    nextStep: 'Ask for a higher ACM quota in Service Quotas, or delete unused certificates.',
  },
  NewerCertificateHeld: {
    stage: 'import',
    retryable: false,
    nextStep:
      'Restore the newest record from the versioned bucket, or force a renewal: what is issued now takes its place.',
  },
  CertificateOverwritten: {
    stage: 'import',
    retryable: false,
    nextStep:
      'Find out who imported over this ARN (ImportCertificate in CloudTrail), and take that right away: the certificate of the configuration is there again.',
  },
  ParameterNotPublished: {
    stage: 'import',
    retryable: true,
    nextStep:
      'Read the SSM message; the certificate is deployed, only other stacks do not learn its ARN.',
  },
  ParameterNotWithdrawn: {
    stage: 'import',
    retryable: true,
    nextStep:
      'Read the SSM message, or delete the parameter yourself; the certificate stays in ACM until then.',
  },
  NamesWouldBeLost: {
    stage: 'rebind',
    retryable: false,
    nextStep: 'Add the names to the certificate, or move them to another one first.',
  },
  NameServedByAnother: {
    stage: 'rebind',
    retryable: false,
    nextStep:
      'Take the other certificate off the listener (aws elbv2 remove-listener-certificates), or take the name out of this one. The binding is tried again by itself.',
  },
  ArnNotOurs: {
    stage: 'rebind',
    retryable: false,
    nextStep:
      'Find out who wrote this ARN into the record (S3 data events in CloudTrail): nothing was bound, imported or published for it, and the desired version is deployed anew.',
  },
  StagingWouldReplace: {
    stage: 'rebind',
    retryable: false,
    nextStep: 'Name an issuer that clients trust, or give the trial a target of its own.',
  },
  ListenerNotFound: {
    stage: 'rebind',
    retryable: false,
    nextStep: 'Correct the listener or load balancer in the configuration.',
  },
  ListenerFull: {
    stage: 'rebind',
    retryable: false,
    nextStep: 'Raise the quota of certificates for the load balancer, or remove an unused one.',
  },
  ListenerRefused: {
    stage: 'rebind',
    retryable: true,
    nextStep: 'Read the ELB message; the old certificate stays in service.',
  },
  ListenerContested: {
    stage: 'rebind',
    retryable: false,
    nextStep:
      'Find out who else sets the certificate of this listener, and stop that, or take the target out of the configuration: until the next attempt certkeep leaves the listener alone.',
  },
  EndpointContradicted: {
    stage: 'verify',
    retryable: true,
    nextStep: 'Look why the endpoint does not serve the new certificate, and who else changes it.',
  },
  LookAlikeFound: {
    stage: 'verify',
    retryable: false,
    nextStep:
      'Find out who made a certificate with the serial of yours, and who put it there: look for ImportCertificate in CloudTrail. certkeep never takes it for its own.',
  },
  EndpointUnknown: {
    stage: 'verify',
    retryable: true,
    nextStep: 'Check from a machine that may reach the endpoint; nothing was rolled back.',
  },
  ReplicaDiffers: {
    stage: 'sync',
    retryable: true,
    nextStep: 'Compare the object in the replica region with the home region; it is written again.',
  },
  EventsNotPublished: {
    stage: 'alert',
    retryable: true,
    nextStep: 'Check the event bus and its policy; events stay in the outbox and are sent again.',
  },
  AlertNotSent: {
    stage: 'alert',
    retryable: true,
    nextStep: 'Check the topic and its policy; the event is back in the outbox and is sent again.',
  },
} as const satisfies Record<string, Failure>;

export type ErrorName = keyof typeof catalogue;

/** An error from the catalogue: its stage, whether to try again, and a sentence for the operator. */
export class CertkeepError extends Error {
  override readonly name: ErrorName;
  readonly stage: Stage;
  readonly retryable: boolean;
  readonly nextStep: string;
  /** The earliest time for another try, where the other side named one (Retry-After). */
  readonly retryAt: Date | null;
  /** People are told of this error once, however often it occurs; null where they are told each time. */
  readonly once: string | null;

  constructor(
    name: ErrorName,
    message: string,
    options: {
      cause?: unknown;
      retryAt?: Date | null;
      stage?: Stage;
      once?: string;
      nextStep?: string;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = name;
    this.stage = options.stage ?? catalogue[name].stage;
    this.retryable = catalogue[name].retryable;
    this.nextStep = options.nextStep ?? catalogue[name].nextStep;
    this.retryAt = options.retryAt ?? null;
    this.once = options.once ?? null;
  }
}

export function isCertkeepError(error: unknown, name?: ErrorName): error is CertkeepError {
  return error instanceof CertkeepError && (name === undefined || error.name === name);
}

/** The errors of the SDK and of Node carry their kind in `name` or `code`. */
export function errorName(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code = (error as { code?: unknown }).code;
  return error.name === 'Error' && typeof code === 'string' ? code : error.name;
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
