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
    nextStep:
      'Run `npm run synth`, correct each mistake that it names, and deploy: `npx cdk deploy --all`.',
  },
  ConfigurationChanged: {
    stage: 'check',
    retryable: false,
    nextStep:
      'Deploy your configuration file (`npx cdk deploy --all`) instead of editing its copy in the bucket.',
  },
  CertificateUnknown: {
    stage: 'check',
    retryable: false,
    nextStep: 'Name a certificate that is in the configuration.',
  },
  NotDiscovered: {
    stage: 'check',
    retryable: false,
    nextStep: 'List what is found with its tag: `npx certkeep approve`.',
  },
  ForceTooCostly: {
    stage: 'check',
    retryable: false,
    nextStep: 'Name fewer certificates, wait, or send the same payload to the alias "override".',
  },
  OverrideUsedUp: {
    stage: 'check',
    retryable: false,
    nextStep:
      'Wait until a day after the time named, or send the same payload to the alias "force", which keeps to the limits of the CA.',
  },
  NotRevoked: {
    stage: 'issue',
    retryable: false,
    nextStep: 'Revoke it at the CA by hand.',
  },
  NoRehearsal: {
    stage: 'check',
    retryable: false,
    nextStep: 'Look for what a renewal needs without an order: `npx certkeep doctor`.',
  },
  VersionNotUsable: {
    stage: 'check',
    retryable: false,
    nextStep: 'Name another version, or force a new certificate.',
  },
  RenewBeforeTooLong: {
    stage: 'check',
    retryable: false,
    nextStep:
      'Make renewBeforeDays shorter than the life of the certificate, or leave it out, and deploy.',
  },
  HeartbeatNotTaken: {
    stage: 'check',
    retryable: true,
    nextStep:
      'Write the address that your dead-man service shows for this check into the secret: `aws secretsmanager put-secret-value`.',
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
    nextStep:
      'Restore an earlier version of the record: `aws s3api list-object-versions` lists them, `aws s3api copy-object` restores one.',
  },
  WrittenByNewerRelease: {
    stage: 'check',
    retryable: false,
    nextStep: 'Deploy the release that wrote the object, or a later one.',
  },
  LeaseLost: {
    stage: 'check',
    retryable: true,
    nextStep: 'Nothing: another run took over and continues.',
  },
  KeyStoreUnreadable: {
    stage: 'store',
    retryable: true,
    nextStep:
      'Restore the secret (`aws secretsmanager restore-secret --secret-id SECRET`), its KMS key or the permissions on them, then retry. Force a new certificate only if the key is lost.',
  },
  KeyStoreFull: {
    stage: 'store',
    retryable: true,
    nextStep:
      'Remove the staging labels that somebody else put on the secret (`aws secretsmanager update-secret-version-stage`). certkeep removes its own.',
  },
  ReusedKeyMissing: {
    stage: 'store',
    retryable: false,
    nextStep:
      'Restore the secret (`aws secretsmanager restore-secret --secret-id SECRET`), then retry. If the key is lost, force a renewal: it makes a new key, which clients that pin the old one refuse.',
  },
  StoredVersionDiffers: {
    stage: 'store',
    retryable: false,
    nextStep:
      'Find out who else wrote to this secret (PutSecretValue in CloudTrail), undo that change, then retry.',
  },
  IssuerUnreachable: {
    stage: 'issue',
    retryable: true,
    nextStep:
      'Check the directory URL and the status page of the CA. certkeep continues the same order.',
  },
  IssuerRefused: {
    stage: 'issue',
    retryable: true,
    nextStep: 'Read the problem that the CA reports, correct what it names, then retry.',
  },
  AccountKeyChanged: {
    stage: 'issue',
    retryable: true,
    nextStep: 'Nothing: the next try goes on with the new key.',
  },
  AccountInUse: {
    stage: 'issue',
    retryable: false,
    nextStep: 'Give them another issuer, and deploy.',
  },
  AccountNotChanged: {
    stage: 'issue',
    retryable: false,
    nextStep: 'Correct what the CA names.',
  },
  IssuerRateLimited: {
    stage: 'issue',
    retryable: true,
    nextStep: 'Nothing until the time named: the attempt waits.',
  },
  BudgetSpent: {
    stage: 'issue',
    retryable: true,
    nextStep:
      'Nothing until the time named. If that is too late, add another issuer, or override the limit once (the alias "override").',
  },
  IssuerAnswerInvalid: {
    stage: 'issue',
    retryable: true,
    nextStep: 'Report the detail to the CA: its answer breaks the protocol.',
  },
  ProfileUnavailable: {
    stage: 'issue',
    retryable: false,
    nextStep: 'Correct the profile of the issuer, or leave it out, and deploy.',
  },
  ExternalAccountUnreadable: {
    stage: 'issue',
    retryable: false,
    nextStep:
      'Write the external account binding into the secret, with the values that the CA gave you, then retry.',
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
    nextStep: 'Nothing: certkeep stores and deploys the certificate when its validity begins.',
  },
  OrderInvalid: {
    stage: 'issue',
    retryable: true,
    nextStep:
      'Read the challenge error: the usual cause is DNS delegation or a CAA record. Correct it, then retry.',
  },
  OrderTimedOut: {
    stage: 'issue',
    retryable: true,
    nextStep: 'Nothing: the next run resumes the same order.',
  },
  OrderStuck: {
    stage: 'issue',
    retryable: true,
    nextStep: 'Nothing: another issuer or another order takes over. If it repeats, ask the CA.',
  },
  DueWhenIssued: {
    stage: 'issue',
    retryable: true,
    nextStep:
      'Ask the CA why it issues certificates that must be replaced at once, or correct what the message names. certkeep orders the next one after a growing wait.',
  },
  OrderForgotten: {
    stage: 'issue',
    retryable: true,
    nextStep: 'Nothing: another order takes its place. If it repeats, ask the CA.',
  },
  StagingRefused: {
    stage: 'issue',
    retryable: false,
    nextStep:
      'Name an issuer that clients trust, or configure a separate certificate for trying out.',
  },
  ChallengeUnsupported: {
    stage: 'issue',
    retryable: false,
    nextStep: 'Configure a solver for a challenge type that the CA offers for this name.',
  },
  RevocationListUnavailable: {
    stage: 'issue',
    retryable: true,
    nextStep: 'Nothing: certkeep asks for the list again, and renewals do not wait for it.',
  },
  RevocationListInvalid: {
    stage: 'issue',
    retryable: true,
    nextStep: 'Report it to the CA: its revocation list cannot be verified.',
  },
  SolverMissing: {
    stage: 'issue',
    retryable: false,
    nextStep:
      'Add a solver whose selector covers the name. Name a solver that has left the configuration under retired.solvers.',
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
      'Delegate the zone to the name servers named, or add a solver for the zone that is delegated.',
  },
  ChallengeCnameUnusable: {
    stage: 'issue',
    retryable: false,
    nextStep: 'Set cnameStrategy: follow, or correct or remove the CNAME.',
  },
  CaaForbids: {
    stage: 'issue',
    retryable: false,
    nextStep:
      'Allow the CA in the CAA records named, or use an issuer that they allow. Then retry. The command does both where Route 53 has the zone.',
  },
  DnsCredentialsUnreadable: {
    stage: 'issue',
    retryable: false,
    nextStep:
      'Write the credentials into the secret in the form that docs/configuration.md shows, then retry.',
  },
  DnsCredentialsRefused: {
    stage: 'issue',
    retryable: false,
    nextStep:
      'Give the key, token or role the permissions named, or replace it in the secret. Then retry.',
  },
  DnsServiceUnreachable: {
    stage: 'issue',
    retryable: true,
    nextStep: 'Check the status page of the DNS service. certkeep continues the same order.',
  },
  DnsRateLimited: {
    stage: 'issue',
    retryable: true,
    nextStep:
      'Nothing until the time named. If it repeats, find out who else uses the same account or token.',
  },
  DnsChangeRefused: {
    stage: 'issue',
    retryable: true,
    nextStep:
      'Read the message of the DNS service, and check the permissions on the zone. Then retry.',
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
      'Nothing: the next run continues. If it repeats, look in the log for what does not answer: the CA, the DNS service, or the listener.',
  },
  NameWithoutAddress: {
    stage: 'issue',
    retryable: false,
    nextStep: 'Point the name at the load balancer, or use a DNS-01 solver for it.',
  },
  ListenerRoleRefused: {
    stage: 'issue',
    retryable: false,
    nextStep:
      'Deploy the stack of that account again: it creates the role named and its permissions.',
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
      'Raise the quota of rules for the load balancer, remove unused rules, move those with the lowest priorities, or set rule: permanent.',
  },
  ChallengeRuleRefused: {
    stage: 'issue',
    retryable: true,
    nextStep:
      'Read the message of Elastic Load Balancing. certkeep has not asked the CA yet, and tries again.',
  },
  ChallengeTokenTaken: {
    stage: 'issue',
    retryable: true,
    nextStep:
      'Ask the CA: it gives out a token that another CA gave out too, or somebody writes into the bucket.',
  },
  ChallengeNotServed: {
    stage: 'issue',
    retryable: true,
    nextStep:
      'Open the URL named: everybody must reach the listener, and the rule of certkeep must answer.',
  },
  AttemptNotOurs: {
    stage: 'issue',
    retryable: false,
    nextStep:
      'Somebody else wrote to the record. Find out who (CloudTrail, earlier versions of the object), remove that permission, and have every certificate for a foreign key revoked.',
  },
  CertificateRejected: {
    stage: 'issue',
    retryable: true,
    nextStep: 'Report it to the CA: its certificate does not fit the request.',
  },
  PlaceNotReachable: {
    stage: 'import',
    retryable: false,
    nextStep:
      'Deploy the stack of that account (`npx cdk deploy Place-ACCOUNT`), check that it creates the role that the message names, then retry.',
  },
  RightsNotProven: {
    stage: 'import',
    retryable: false,
    nextStep:
      'Find what denies the statement named before the next renewal, which fails in the same way: a service control policy, a permissions boundary, or a changed role.',
  },
  ServiceThrottled: {
    stage: 'import',
    retryable: true,
    nextStep:
      'Nothing: certkeep tries again within minutes. If it repeats, find out in CloudTrail who else uses up the limit.',
  },
  ServiceDenied: {
    stage: 'import',
    retryable: false,
    nextStep:
      'Look for a service control policy, a permissions boundary or a missing tag, and compare the statements of the role: `aws iam simulate-principal-policy` names the statement that decides. Then retry.',
  },
  ServiceRefused: {
    stage: 'import',
    retryable: true,
    nextStep: 'Read the message of AWS, correct the resource or the configuration, then retry.',
  },
  ServiceFailed: {
    stage: 'import',
    retryable: true,
    nextStep:
      'Nothing: certkeep tries again within minutes. If it repeats, look at the AWS Health Dashboard.',
  },
  ImportLaneFull: {
    stage: 'import',
    retryable: true,
    nextStep: 'Nothing until the time named: ACM takes one import a second per account and region.',
  },
  ImportRefused: {
    stage: 'import',
    retryable: true,
    nextStep:
      'Read the message of ACM and correct what it names. The old certificate stays in service.',
  },
  ImportQuotaReached: {
    stage: 'import',
    retryable: false,
    nextStep:
      'Ask for a higher ACM quota in Service Quotas, or delete unused certificates. Then retry.',
  },
  NewerCertificateHeld: {
    stage: 'import',
    retryable: false,
    nextStep:
      'Restore the newest version of the record from the versioned bucket, then retry. Only if there is none, force a renewal: the new certificate takes the place of the one in ACM.',
  },
  CertificateOverwritten: {
    stage: 'import',
    retryable: false,
    nextStep:
      'Find out who imported over this ARN (ImportCertificate in CloudTrail), and remove that permission. certkeep has imported the configured certificate again.',
  },
  ParameterNotPublished: {
    stage: 'import',
    retryable: true,
    nextStep:
      'Read the message of SSM. The certificate is deployed, but other stacks do not learn its ARN.',
  },
  ParameterNotWithdrawn: {
    stage: 'import',
    retryable: true,
    nextStep:
      'Read the message of SSM, or delete the parameter yourself (`aws ssm delete-parameter`). The certificate stays in ACM until then.',
  },
  NamesWouldBeLost: {
    stage: 'rebind',
    retryable: false,
    nextStep: 'Add the names to the certificate, or move them to another certificate first.',
  },
  NameServedByAnother: {
    stage: 'rebind',
    retryable: false,
    nextStep:
      'Take the other certificate off the listener (aws elbv2 remove-listener-certificates), or take the name out of this one. certkeep then binds it by itself.',
  },
  ArnNotOurs: {
    stage: 'rebind',
    retryable: false,
    nextStep:
      'Find out who wrote this ARN into the record (S3 data events in CloudTrail). certkeep bound, imported and published nothing for it, and deploys the desired version again.',
  },
  StagingWouldReplace: {
    stage: 'rebind',
    retryable: false,
    nextStep: 'Name an issuer that clients trust, or give the trial a target of its own.',
  },
  HostsBehind: {
    stage: 'verify',
    retryable: true,
    nextStep: 'Look at the host why it fetched nothing: `journalctl -u certkeep-files@shop`.',
  },
  HostCommandFailed: {
    stage: 'rebind',
    retryable: true,
    nextStep: 'Read what the host printed: `aws ssm get-command-invocation`.',
  },
  HostNotReached: {
    stage: 'rebind',
    retryable: true,
    nextStep: 'Start the host or its agent: `aws ssm describe-instance-information`.',
  },
  NoHostFound: {
    stage: 'rebind',
    retryable: false,
    nextStep: 'Tag the hosts, or correct the tag: `aws ssm describe-instance-information`.',
  },
  CommandRefused: {
    stage: 'rebind',
    retryable: false,
    nextStep: 'Correct the document or its parameters: `aws ssm describe-document`.',
  },
  ListenerNotFound: {
    stage: 'rebind',
    retryable: false,
    nextStep:
      'Correct the listener or load balancer in the configuration, or take the target out of it, and deploy.',
  },
  ListenerFull: {
    stage: 'rebind',
    retryable: false,
    nextStep:
      'Raise the quota of certificates for the load balancer, or remove an unused certificate.',
  },
  ListenerRefused: {
    stage: 'rebind',
    retryable: true,
    nextStep:
      'Read the message of AWS and correct what it names. The old certificate stays in service.',
  },
  NotTagged: {
    stage: 'rebind',
    retryable: false,
    nextStep:
      'Tag the resource again (certkeep:certificate), or withdraw its approval: `npx certkeep approve ARN --withdraw`. It keeps the certificate that it has.',
  },
  ChangeInProgress: {
    stage: 'rebind',
    retryable: true,
    nextStep: 'Nothing: certkeep changes the certificate when the earlier change is there.',
  },
  ContinuousDeploymentAttached: {
    stage: 'rebind',
    retryable: false,
    nextStep:
      'Detach the continuous deployment policy from the distribution, and attach it again when certkeep has changed the certificate.',
  },
  DistributionUnusable: {
    stage: 'rebind',
    retryable: false,
    nextStep: 'Name a distribution that serves its own aliases, or take the target out.',
  },
  DomainTurnTaken: {
    stage: 'rebind',
    retryable: true,
    nextStep:
      'Nothing until the time named: API Gateway takes one change of a domain name in 30 seconds per account and region.',
  },
  DomainOwnershipUnverified: {
    stage: 'rebind',
    retryable: false,
    nextStep:
      'Give the domain name another `ownershipVerificationCertificateArn`, of a certificate that ACM has issued for it, then retry.',
  },
  DomainReimportPending: {
    stage: 'rebind',
    retryable: false,
    nextStep:
      'Let the certificate that verifies the ownership cover every name of the new one, import again what the domain name had, then retry.',
  },
  DomainFailed: {
    stage: 'rebind',
    retryable: false,
    nextStep: 'Read the message of API Gateway, and mend or create the domain name, then retry.',
  },
  IssuerWouldChange: {
    stage: 'rebind',
    retryable: false,
    nextStep:
      'Let the issuer of before renew the certificate: name it alone in `issuer`, without failover, and force a new certificate.',
  },
  ListenerContested: {
    stage: 'rebind',
    retryable: false,
    nextStep:
      'Find out who else sets the certificate of this listener, and stop that, or take the target out of the configuration. certkeep leaves the listener alone until the next attempt.',
  },
  EndpointContradicted: {
    stage: 'verify',
    retryable: true,
    nextStep:
      'Find out why the endpoint does not serve the new certificate, and who else changes it.',
  },
  LookAlikeFound: {
    stage: 'verify',
    retryable: false,
    nextStep:
      'Find out who made a certificate with the serial of yours, and who imported it (ImportCertificate in CloudTrail). certkeep never takes it for its own.',
  },
  EndpointUnknown: {
    stage: 'verify',
    retryable: true,
    nextStep: 'Check the endpoint from a machine that can reach it. certkeep rolled nothing back.',
  },
  InsideProbeFailed: {
    stage: 'verify',
    retryable: true,
    nextStep: 'Look at the function with `npx certkeep doctor`. certkeep rolled nothing back.',
  },
  InsideAnswerRefused: {
    stage: 'verify',
    retryable: true,
    nextStep: 'Find out who has changed the function, and deploy it again: `npx cdk deploy --all`.',
  },
  ReplicaDiffers: {
    stage: 'sync',
    retryable: true,
    nextStep:
      'Compare the object in the replica region with the one in the home region. certkeep writes it again.',
  },
  EventsNotPublished: {
    stage: 'alert',
    retryable: true,
    nextStep:
      'Check the event bus and its policy. The events stay in the outbox, and certkeep sends them again.',
  },
  AlertNotSent: {
    stage: 'alert',
    retryable: true,
    nextStep:
      'Check the topic, its policy and its key, and the rights of alert. Alert sends the message again after the next check.',
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
