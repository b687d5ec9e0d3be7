import { dayMs } from '../../clock.ts';
import { AwsError } from '../../wire/service.ts';

export type SecretValue = {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
};

export type SecretVersion = {
  readonly id: string;
  readonly value: SecretValue;
  readonly createdAt: Date;
  readonly stages: readonly string[];
};

/** In the order of creation. A change replaces the whole map, so that a replica keeps what it has seen. */
export type Versions = ReadonlyMap<string, SecretVersion>;

export const current = 'AWSCURRENT';
const previous = 'AWSPREVIOUS';

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const limits = { valueBytes: 65_536, versions: 100, labels: 20 };

/**
 * Adds a version with its labels. A first version always becomes AWSCURRENT, whatever the request says; a label of another
 * version moves here.
 */
export function withVersion(
  versions: Versions,
  added: Omit<SecretVersion, 'stages'>,
  stages: readonly string[],
): Versions {
  const wanted = versions.size === 0 ? [...new Set([...stages, current])] : stages;
  const room = withoutOldest(versions, added.createdAt);
  let next: Versions = new Map([...room, [added.id, { ...added, stages: [] }]]);
  for (const stage of wanted) next = withLabel(next, stage, added.id);
  return withinLabels(next);
}

/** Moves a label, or removes it with null. When AWSCURRENT moves, AWSPREVIOUS follows automatically. */
export function withLabel(versions: Versions, stage: string, to: string | null): Versions {
  const from = holderOf(versions, stage);
  if (from?.id === to) return versions;
  const moved = new Map(
    [...versions].map(([id, version]) => {
      const others = version.stages.filter((held) => held !== stage);
      return [id, { ...version, stages: id === to ? [...others, stage] : others }];
    }),
  );
  return stage === current && from ? withLabel(moved, previous, from.id) : moved;
}

export function holderOf(versions: Versions, stage: string): SecretVersion | undefined {
  return [...versions.values()].find(({ stages }) => stages.includes(stage));
}

export function withinLabels(versions: Versions): Versions {
  const labels = new Set([...versions.values()].flatMap(({ stages }) => stages));
  if (labels.size > limits.labels) {
    throw new AwsError(
      'LimitExceededException',
      `A secret can have no more than ${limits.labels} staging labels.`,
    );
  }
  return versions;
}

export function checkValue({ SecretString, SecretBinary }: SecretValue): void {
  if ((SecretString === undefined) === (SecretBinary === undefined)) {
    throw new AwsError(
      'InvalidParameterException',
      'You must provide either SecretString or SecretBinary, and not both.',
    );
  }
  if (Buffer.byteLength(SecretString ?? SecretBinary ?? '') <= limits.valueBytes) return;
  throw new AwsError(
    'ValidationException',
    `Member must have length less than or equal to ${limits.valueBytes}`,
  );
}

export function sameValue(left: SecretValue, right: SecretValue): boolean {
  if (left.SecretString !== undefined) return left.SecretString === right.SecretString;
  if (!left.SecretBinary || !right.SecretBinary) return false;
  return Buffer.from(left.SecretBinary).equals(right.SecretBinary);
}

/** At the limit, removes unlabelled versions that are at least a day old, oldest first. */
function withoutOldest(versions: Versions, now: Date): Versions {
  if (versions.size < limits.versions) return versions;
  const removable = [...versions.values()].find(
    ({ stages, createdAt }) => stages.length === 0 && now.getTime() - createdAt.getTime() >= dayMs,
  );
  if (!removable) {
    throw new AwsError(
      'LimitExceededException',
      `A secret can have no more than ${limits.versions} versions.`,
    );
  }
  return new Map([...versions].filter(([id]) => id !== removable.id));
}
