import { parsePlaceKey } from '#shared/place.ts';
import { placesOf } from '#shared/targets/identities.ts';
import { type Check, type Finding, ok, type Subject } from '../check.ts';

/** An account may have as many, in all regions together (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). */
const usual = 20;

/** A renewal is there beside the version that it replaces, for days. */
const atARenewal = 2;

/** IAM takes so many server certificates of an account. Only `store: iam` needs any. */
export const iamQuota: Check = {
  title: 'Quota of IAM for server certificates',
  rights: ['iam:ListServerCertificates'],
  questions: (subject) =>
    [...countedIn(subject)].map(([account, { region, wanted }]) => ({
      about: account,
      account,
      instead: command,
      ask: async () => [judged(account, wanted, await ofOthers(subject, { account, region }))],
    })),
};

const command = 'aws iam list-server-certificates';

type Counted = { readonly region: string; readonly wanted: number };

/** By account: the certificates of the file, of which each region has its own. */
function countedIn({ config: { certificates, home } }: Subject): ReadonlyMap<string, Counted> {
  const counted = new Map<string, Counted>();
  for (const place of certificates.flatMap((each) => placesOf(each, home))) {
    const { account, region, store } = parsePlaceKey(place);
    if (!store) continue;
    const known = counted.get(account) ?? { region, wanted: 0 };
    counted.set(account, { ...known, wanted: known.wanted + 1 });
  }
  return counted;
}

/** Those of this installation are counted by the file. */
async function ofOthers(
  { config, optionsIn }: Subject,
  place: { readonly account: string; readonly region: string },
): Promise<number> {
  const { IAMClient, paginateListServerCertificates } = await import('@aws-sdk/client-iam');
  const client = new IAMClient(optionsIn(place));
  let count = 0;
  for await (const page of paginateListServerCertificates({ client }, {})) {
    const all = page.ServerCertificateMetadataList ?? [];
    count += all.filter(({ Path }) => !Path?.startsWith(`/${config.installation}/`)).length;
  }
  return count;
}

function judged(account: string, wanted: number, others: number): Finding {
  const needed = others + wanted * atARenewal;
  const text = `${account} holds ${others} server certificates of others; with the ${wanted} of this file, at most ${needed} of ${usual} at a renewal`;
  if (needed <= usual) return ok(text);
  return {
    mark: others + wanted < usual ? 'warning' : 'wrong',
    text: `${text}, unless AWS has raised your quota`,
    say: 'Ask Service Quotas for more "Server certificates per account", or delete what nobody uses:',
    command,
  };
}
