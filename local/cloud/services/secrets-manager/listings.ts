import type {
  Filter,
  ListSecretsCommandInput,
  ListSecretsResponse,
  ListSecretVersionIdsCommandInput,
  ListSecretVersionIdsResponse,
} from '@aws-sdk/client-secrets-manager';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { describeSecret } from './secrets.ts';
import { arnOf, type SecretsState, type Seen, seenFrom, seenSecret } from './state.ts';

const largestPage = 100;

export function listSecretVersionIds(
  state: SecretsState,
  input: ListSecretVersionIdsCommandInput,
  call: Call,
): ListSecretVersionIdsResponse {
  const { secret, content } = seenSecret(state, input.SecretId, call);
  const shown = [...content.versions.values()].filter(
    ({ stages }) => input.IncludeDeprecated || stages.length > 0,
  );
  const page = pageOf(shown, input);
  return {
    ARN: arnOf(secret, call.region),
    Name: secret.name,
    Versions: page.items.map(({ id, stages, createdAt }) => ({
      VersionId: id,
      VersionStages: [...stages],
      CreatedDate: createdAt,
    })),
    ...page.more,
  };
}

export function listSecrets(
  state: SecretsState,
  input: ListSecretsCommandInput,
  call: Call,
): ListSecretsResponse {
  supportOnly('ListSecrets', input, [
    'Filters',
    'MaxResults',
    'NextToken',
    'IncludePlannedDeletion',
  ]);
  const shown = state.secrets
    .filter(({ account }) => account === call.account)
    .flatMap((secret) => seenFrom(state, secret, call.region) ?? [])
    .filter((seen) => input.IncludePlannedDeletion || !seen.secret.deletedAt)
    .filter((seen) => (input.Filters ?? []).every((filter) => passes(seen, filter)));
  const page = pageOf(shown, input);
  return {
    SecretList: page.items.map(({ secret }) => {
      const described = describeSecret(state, { SecretId: secret.name }, call);
      const { VersionIdsToStages, ReplicationStatus: _, ...entry } = described;
      return { ...entry, SecretVersionsToStages: VersionIdsToStages };
    }),
    ...page.more,
  };
}

/** Filters match the beginning of a name, tag key or tag value; a leading `!` means the opposite. */
function passes({ secret, content }: Seen, { Key, Values = [] }: Filter): boolean {
  const texts = textsOf(Key, secret.name, content.tags);
  return Values.some((value) =>
    value.startsWith('!')
      ? !texts.some((text) => text.startsWith(value.slice(1)))
      : texts.some((text) => text.startsWith(value)),
  );
}

function textsOf(
  key: Filter['Key'],
  name: string,
  tags: ReadonlyMap<string, string>,
): readonly string[] {
  if (key === 'name') return [name];
  if (key === 'tag-key') return [...tags.keys()];
  if (key === 'tag-value') return [...tags.values()];
  throw new AwsError(
    'NotImplemented',
    `local: ListSecrets with filter ${key} is not implemented`,
    501,
  );
}

function pageOf<Item>(
  items: readonly Item[],
  asked: { readonly MaxResults?: number | undefined; readonly NextToken?: string | undefined },
) {
  const start = Number(asked.NextToken ?? 0);
  const end = start + Math.min(asked.MaxResults ?? largestPage, largestPage);
  return {
    items: items.slice(start, end),
    more: items.length > end ? { NextToken: String(end) } : {},
  };
}
