import { addMs, type Clock } from '../../clock.ts';
import { arnOf as arnIn } from '../../wire/arn.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import type { Versions } from './versions.ts';

/** The content that a replica receives: everything but its region. It is never changed in place. */
export type Content = {
  readonly versions: Versions;
  readonly description: string | undefined;
  readonly kmsKeyId: string | undefined;
  readonly tags: ReadonlyMap<string, string>;
  readonly changedAt: Date;
};

export type Replica = {
  readonly region: string;
  readonly kmsKeyId: string | undefined;
  /** The content that is readable there; null until the first has arrived. */
  visible: Content | null;
  arriving: { readonly at: Date; readonly content: Content }[];
  isBroken: boolean;
};

/** A secret in its primary region. */
export type Secret = {
  readonly name: string;
  /** The six random characters that end the ARN; replicas share them. */
  readonly suffix: string;
  readonly region: string;
  readonly account: string;
  readonly createdAt: Date;
  content: Content;
  /** Set while the secret waits for its final deletion. */
  deletedAt: Date | null;
  replicas: Replica[];
};

export type SecretsState = {
  readonly clock: Clock;
  /** The time until a change is readable in a replica. */
  readonly replicationMs: number;
  secrets: Secret[];
  /** Entries of AddReplicaRegions whose key their caller may not use. */
  readonly refused: WeakSet<object>;
};

/** A secret as one region sees it: the primary itself or a replica of it. */
export type Seen = {
  readonly secret: Secret;
  readonly content: Content;
  readonly isReplica: boolean;
};

/** The account and region in which to look for a secret. */
export type SecretPlace = Pick<Call, 'account' | 'region'>;

/** Finds a secret by name, ARN, or ARN without its suffix. */
export function soughtSecret(
  state: SecretsState,
  secretId: string | undefined,
  { account, region }: SecretPlace,
): Seen | null {
  for (const secret of state.secrets) {
    if (secret.account !== account || !isMeant(secret, secretId, region)) continue;
    const seen = seenFrom(state, secret, region);
    if (seen) return seen;
  }
  return null;
}

export function seenSecret(state: SecretsState, secretId: string | undefined, call: Call): Seen {
  const found = soughtSecret(state, secretId, call);
  if (!found) {
    throw new AwsError(
      'ResourceNotFoundException',
      "Secrets Manager can't find the specified secret.",
    );
  }
  return found;
}

/** For reads and writes of values, which fail while the secret waits for its deletion. */
export function livingSecret(state: SecretsState, secretId: string | undefined, call: Call): Seen {
  const seen = seenSecret(state, secretId, call);
  if (!seen.secret.deletedAt) return seen;
  throw new AwsError(
    'InvalidRequestException',
    "You can't perform this operation on the secret because it was marked for deletion.",
  );
}

/** For changes, which replicas refuse. */
export function primarySecret(
  state: SecretsState,
  secretId: string | undefined,
  call: Call,
): Secret {
  const { secret, isReplica } = livingSecret(state, secretId, call);
  if (!isReplica) return secret;
  throw new AwsError(
    'InvalidRequestException',
    `Operation not permitted on a replica secret. Call must be made in primary secret's region ${secret.region}.`,
  );
}

export function seenFrom(state: SecretsState, secret: Secret, region: string): Seen | null {
  if (secret.region === region) return { secret, content: secret.content, isReplica: false };
  const replica = secret.replicas.find((it) => it.region === region);
  if (!replica) return null;
  arrive(state, replica);
  return replica.visible && { secret, content: replica.visible, isReplica: true };
}

export function change(state: SecretsState, secret: Secret, changed: Partial<Content>): void {
  secret.content = { ...secret.content, ...changed, changedAt: state.clock.now() };
  for (const replica of secret.replicas) send(state, secret, replica);
}

export function send(state: SecretsState, secret: Secret, replica: Replica): void {
  if (replica.isBroken) return;
  const at = addMs(state.clock.now(), state.replicationMs);
  replica.arriving.push({ at, content: secret.content });
}

/** Computed when somebody looks, so that no timer runs and a virtual clock works. */
export function arrive(state: SecretsState, replica: Replica): void {
  const now = state.clock.now();
  const arrived = replica.arriving.filter(({ at }) => at <= now);
  replica.visible = arrived.at(-1)?.content ?? replica.visible;
  replica.arriving = replica.arriving.filter(({ at }) => at > now);
}

export function arnOf({ account, name, suffix }: Secret, region: string): string {
  return arnIn('secretsmanager', { region, account }, `secret:${name}-${suffix}`);
}

function isMeant(secret: Secret, secretId: string | undefined, region: string): boolean {
  const arn = arnOf(secret, region);
  return secretId === secret.name || secretId === arn || `${secretId}-${secret.suffix}` === arn;
}
