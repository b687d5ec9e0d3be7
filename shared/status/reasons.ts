import { catalogue, type ErrorName } from '#shared/errors.ts';

type Reason = {
  /** The operator's next step; null where nobody has to do anything. */
  readonly nextStep: string | null;
};

/**
 * The reasons of conditions that are no errors. Each that has a next step has a heading in docs/runbook.md (a test ties
 * them).
 */
export const stateReasons = {
  Well: { nextStep: null },
  BeingIssued: { nextStep: null },
  IssueOverdue: {
    nextStep: 'Read the log of issue, and look at its queue: nothing has come of the first order.',
  },
  BeingRenewed: { nextStep: null },
  Paused: { nextStep: null },
  PutBack: { nextStep: null },
  BeingPutBack: { nextStep: null },
  PutBackOverdue: {
    nextStep:
      'Read the log of issue: it cannot put the version into service that belongs there. Then retry.',
  },
  BeingRevoked: { nextStep: null },
  RenewalOverdue: {
    nextStep:
      'Read the log of issue, and look at its queue: the renewal should have begun long ago.',
  },
  Expired: {
    nextStep: 'Retry at once, and see what the message says of the renewal.',
  },
  Revoked: {
    nextStep:
      'Find out why the CA revoked it, and close the leak if others know the key. certkeep renews it by itself; force one more afterwards, with a new key: until then you hear of it for a day.',
  },
  DeployPending: { nextStep: null },
  DeployOverdue: {
    nextStep:
      'Read the log of deploy, and look at its queue: the certificate is stored, and does not reach its target.',
  },
  AwaitingDeploy: { nextStep: null },
  AwaitingProof: { nextStep: null },
  ProofOverdue: {
    nextStep:
      'Read the log of verify, and look at its queue: nobody has asked the endpoint for a day.',
  },
  ListenerChanged: {
    nextStep:
      'Find out in CloudTrail who changes the certificates of this load balancer, and stop that, or take the target out of the configuration. Then retry: until then you hear of it for a day.',
  },
  EarlierArnUsed: {
    nextStep: 'Bind the present ARN there: certkeep does not renew the earlier one.',
  },
  NotConfigured: {
    nextStep:
      'Put the certificate back into the configuration and deploy it, or take it off the listener.',
  },
  BeingRemoved: { nextStep: null },
  ChallengeLeft: {
    nextStep:
      'Read the log of issue: it cannot remove the value. Remove it by hand if its zone has left the configuration.',
  },
  NotLookedAtYet: { nextStep: null },
  SecretMissing: {
    nextStep:
      'Find out in CloudTrail who deleted the secret. If it cannot be restored, force a new certificate: the key is lost.',
  },
  SecretMarkedForDeletion: {
    nextStep: 'Restore the secret before its recovery window is over: then the key is lost.',
  },
  SecretDiffers: {
    nextStep:
      'Find out in CloudTrail who moved the label AWSCURRENT of the secret: whoever reads it gets another version.',
  },
  NobodyConfirmed: {
    nextStep:
      'Have somebody follow the link in the mail of AWS; after two days it is void, and the address is to be subscribed again.',
  },
  AlarmMissing: {
    nextStep:
      'Put the alarm back: `npx cdk deploy --revert-drift`. Until then nobody hears when that part of certkeep stands still.',
  },
  AlarmOff: {
    nextStep:
      'Switch its actions on again (`aws cloudwatch enable-alarm-actions`), or put them back with `npx cdk deploy --revert-drift`.',
  },
  TopicClosed: {
    nextStep:
      'Put the policy of the topic back: `npx cdk deploy --all --revert-drift`. Until then nothing that AWS itself reports reaches anybody over it.',
  },
  TopicRefuses: {
    nextStep:
      'Let the role of alert publish to your topic: by its policy where it is in another account, and by that of its key. Until then nothing reaches it.',
  },
  AlertNotSeen: {
    nextStep:
      'Read the log of alert, and look whether the rule AlertChecked of the bus is enabled: nobody hears of certificates.',
  },
  SignOfLifeFailed: {
    nextStep:
      'Read the error. A heartbeat and a metric are awaited outside, where somebody will ring without them; of a look, nobody knows whether the topic there still reaches people.',
  },
  BeingCopied: { nextStep: null },
  RegionBehind: {
    nextStep:
      'Check that the stack of that region is deployed and that its KMS key is enabled. certkeep keeps trying.',
  },
  CopiesNotSeen: {
    nextStep: 'Let sync list the bucket of that region again: its stack, its policy, its KMS key.',
  },
  RecordUnread: {
    nextStep: 'Restore an earlier version of the record, or give check its right to read it back.',
  },
  CheckIncomplete: {
    nextStep: 'Read the log of check, which has one line for each failure.',
  },
  ListenersNotLookedAt: {
    nextStep: 'Read the log of verify: it looks at every listener every 20 to 35 minutes.',
  },
  AwaitsApproval: {
    nextStep:
      'Look who has tagged it, and approve it (`npx certkeep approve ARN`), or say no (`--withdraw`): until then certkeep does not touch it.',
  },
  TagNotUsable: {
    nextStep: 'Correct the tag, or remove it: certkeep does not touch the resource.',
  },
  TagRemoved: {
    nextStep:
      'Withdraw the approval (`npx certkeep approve ARN --withdraw`), or tag the resource again. It keeps the certificate that it has, and gets no other.',
  },
  TagChanged: {
    nextStep:
      'Look who has changed the tag, and approve it as it is now (`npx certkeep approve ARN`), or set it back: until then the resource keeps what it has.',
  },
  TooManyTagged: {
    nextStep: 'Remove the tag where nobody needs it, or name fewer places under `discovery`.',
  },
  TagsNotLookedAt: {
    nextStep:
      'Read the message: verify needs the right tag:GetResources in that account and region. What was found there before still counts.',
  },
} as const satisfies Readonly<Record<string, Reason>>;

type StateReason = keyof typeof stateReasons;

/** The next step for a reason; null where there is none, as for an error of AWS that certkeep has no name for. */
export function nextStepOf(reason: string): string | null {
  if (Object.hasOwn(stateReasons, reason)) return stateReasons[reason as StateReason].nextStep;
  if (Object.hasOwn(catalogue, reason)) return catalogue[reason as ErrorName].nextStep;
  return null;
}
