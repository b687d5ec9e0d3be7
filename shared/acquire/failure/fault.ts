import { CertkeepError, type catalogue, type ErrorName } from '#shared/errors.ts';
import { problemOf } from '#shared/issuers/acme/problem.ts';

/**
 * The cause of a failure, and therefore whether another CA helps. `theirs`: the CA failed. `limited`: it works and asks for
 * patience. `refusal`: it works and refuses something that another CA may accept, however long one waits. `unclear`:
 * unknown. `ours`: it works and refuses what every CA would: DNS, and the names themselves. `nobodys`: the attempt did not
 * get that far because of something that every CA needs, or is still at work.
 */
export type Fault = 'theirs' | 'limited' | 'refusal' | 'unclear' | 'ours' | 'nobodys';

export type Failing = { readonly fault: Fault; readonly why: string };

type Stages = typeof catalogue;
/** The errors that an attempt can meet: a new error does not compile until its cause is stated here. */
type MetByIssue = {
  [Name in ErrorName]: Stages[Name]['stage'] extends 'issue' | 'store' ? Name : never;
}[ErrorName];

const dns = { fault: 'nobodys', why: 'every CA looks at the same DNS' } as const;
const answers = { fault: 'nobodys', why: 'every CA asks the same listener' } as const;
const notAsked = { fault: 'nobodys', why: 'no certificate is asked for' } as const;
const ownStore = { fault: 'nobodys', why: 'every certificate is stored there' } as const;

export const failingsByName = {
  IssuerUnreachable: { fault: 'theirs', why: 'the CA does not answer, or fails' },
  IssuerAnswerInvalid: { fault: 'theirs', why: 'the CA breaks the protocol' },
  CertificateRejected: { fault: 'theirs', why: 'the CA issues something else' },
  DueWhenIssued: {
    fault: 'theirs',
    why: 'the CA issues certificates that must be replaced at once',
  },
  OrderStuck: { fault: 'theirs', why: 'the CA does not finish the order' },
  ChallengeTokenTaken: { fault: 'theirs', why: 'the CA gives out the token of another account' },
  OrderForgotten: { fault: 'theirs', why: 'the CA lost the order' },
  IssuerRateLimited: { fault: 'limited', why: 'the CA limits requests' },
  BudgetSpent: { fault: 'limited', why: 'the CA would refuse, so certkeep did not ask it' },
  ProfileUnavailable: { fault: 'refusal', why: 'the profile belongs to this CA' },
  ExternalAccountRefused: { fault: 'refusal', why: 'the binding belongs to this CA' },
  ExternalAccountUnreadable: { fault: 'refusal', why: 'the binding belongs to this CA' },
  ChallengeUnsupported: { fault: 'refusal', why: 'another CA may offer other challenges' },
  CaaForbids: { fault: 'refusal', why: 'the records may allow another CA' },
  StagingRefused: { fault: 'refusal', why: 'another issuer may be one that clients trust' },
  // The CA's answer decides, below; this entry applies where the answer is unknown.
  IssuerRefused: {
    fault: 'unclear',
    why: 'the CA refuses for a reason that certkeep does not know',
  },
  OrderInvalid: { fault: 'unclear', why: 'the CA ends the order without saying why' },
  // Concerns an account, or the certificate itself.
  KeyStoreUnreadable: { fault: 'unclear', why: 'it may be the secret of this account' },
  KeyStoreFull: ownStore,
  ReusedKeyMissing: { fault: 'nobodys', why: 'every CA would certify the same key' },
  StoredVersionDiffers: ownStore,
  AttemptNotOurs: { fault: 'nobodys', why: 'somebody else wrote to the record' },
  OrderTimedOut: { fault: 'nobodys', why: 'the CA is still working' },
  CertificateNotYetValid: { fault: 'nobodys', why: 'the certificate exists, and waits' },
  RunOutOfTime: { fault: 'nobodys', why: 'the run had no time left' },
  RevocationListUnavailable: { fault: 'nobodys', why: 'no renewal waits for it' },
  RevocationListInvalid: { fault: 'nobodys', why: 'no renewal waits for it' },
  SolverMissing: { fault: 'nobodys', why: 'no solver proves the name to any CA' },
  ZoneNotFound: dns,
  ZoneNotDelegated: dns,
  ChallengeCnameUnusable: dns,
  DnsCredentialsUnreadable: dns,
  DnsCredentialsRefused: dns,
  DnsServiceUnreachable: dns,
  DnsRateLimited: dns,
  DnsChangeRefused: dns,
  DnsChangeTimedOut: dns,
  NameWithoutAddress: dns,
  ListenerRoleRefused: answers,
  ChallengeListenerUnusable: answers,
  ListenerRulesFull: answers,
  ChallengeRuleRefused: answers,
  ChallengeNotServed: answers,
  AccountKeyChanged: { fault: 'nobodys', why: 'the order goes on with the new key' },
  AccountInUse: notAsked,
  AccountNotChanged: notAsked,
  NotRevoked: notAsked,
} as const satisfies Record<MetByIssue, Failing>;

const account = { fault: 'refusal', why: 'the account belongs to this CA' } as const;
const validation = { fault: 'ours', why: 'every CA would see the same' } as const;
const names = { fault: 'ours', why: 'the names themselves are the problem' } as const;
const wording = { fault: 'unclear', why: 'another CA may read the request otherwise' } as const;

/** Keyed by the type of the problem (RFC 8555 §6.7, RFC 9773 §7.4, draft-ietf-acme-profiles §5). */
export const failingsByProblem: Readonly<Record<string, Failing>> = {
  accountDoesNotExist: account,
  badSignatureAlgorithm: account,
  externalAccountRequired: account,
  invalidContact: account,
  unauthorized: account,
  unsupportedContact: account,
  userActionRequired: { fault: 'refusal', why: 'the terms belong to this CA' },
  invalidProfile: { fault: 'refusal', why: 'the profile belongs to this CA' },
  rateLimited: { fault: 'refusal', why: 'this CA has paused the names' },
  caa: { fault: 'refusal', why: 'the records may allow another CA' },
  serverInternal: { fault: 'theirs', why: 'the CA failed' },
  badNonce: { fault: 'theirs', why: 'the CA rejects its own nonces' },
  orderNotReady: { fault: 'theirs', why: 'the CA contradicts itself' },
  connection: validation,
  dns: validation,
  incorrectResponse: validation,
  tls: validation,
  rejectedIdentifier: names,
  unsupportedIdentifier: names,
  alreadyReplaced: wording,
  badCSR: wording,
  badPublicKey: wording,
  compound: wording,
  malformed: wording,
};

/** Where a validation ends an order, the CA did not find the value in DNS, or over HTTP. */
const ofOrders: Readonly<Record<string, Failing>> = { unauthorized: validation };

export function failingOf(error: unknown): Failing {
  if (!(error instanceof CertkeepError)) return ofUnknown(error);
  const known: Partial<Readonly<Record<ErrorName, Failing>>> = failingsByName;
  const named = known[error.name] ?? { fault: 'nobodys', why: 'no CA is concerned' };
  if (error.name !== 'IssuerRefused' && error.name !== 'OrderInvalid') return named;
  const type = problemOf(error)?.type ?? '';
  const ofOrder = error.name === 'OrderInvalid' ? ofOrders[type] : undefined;
  return ofOrder ?? failingsByProblem[type] ?? named;
}

export function faultOf(error: unknown): Fault {
  return failingOf(error).fault;
}

/** A defect of certkeep may only show with the answers of one CA; a run without time left says nothing. */
function ofUnknown(error: unknown): Failing {
  const isOwnDeadline = error instanceof Error && /^(Abort|Timeout)Error$/.test(error.name);
  if (isOwnDeadline) return { fault: 'nobodys', why: 'the run had no time left' };
  return { fault: 'unclear', why: 'certkeep has no name for it' };
}
