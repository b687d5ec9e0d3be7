import {
  type Change,
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  type ResourceRecordSet,
  Route53Client,
} from '@aws-sdk/client-route-53';
import type { OutsideCall } from 'local-cloud/faults.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';
import type { World } from '#test/support/world.ts';

export type Rivals = {
  /** Changes the object that the call has just read. */
  act(call: OutsideCall): Promise<void>;
  /** Returns the rivals' changes that were lost. */
  lost(): readonly string[];
  /** The values that they have added at names. */
  readonly txt: readonly { readonly name: string; readonly value: string }[];
};

const mark = 'somebody else wrote here';

/** Creates rivals that write to the same zones and records, always at the worst moment. */
export function rivalsOf(world: World): Rivals {
  const { cloud, names } = world;
  const txt: { name: string; value: string }[] = [];
  const marked = new Set<string>();
  const taken: { readonly Key: string; readonly bucket: string }[] = [];
  const region = world.landscape.config.home.region;
  const route53 = new Route53Client(operatorClient(cloud, region));
  const as = { region, account: homeAccount, accessKeyId: 'rival' };

  async function addTxt(asked: ListResourceRecordSetsCommandInput): Promise<void> {
    const { HostedZoneId, StartRecordName: name = '' } = asked;
    const listed = await route53.send(new ListResourceRecordSetsCommand(asked));
    const before = listed.ResourceRecordSets?.find((set) => set.Name === `${name}.`);
    const value = `rival ${txt.length + 1}`;
    const ResourceRecords = [...(before?.ResourceRecords ?? []), { Value: `"${value}"` }];
    const set: ResourceRecordSet = {
      Name: name,
      Type: 'TXT',
      TTL: before?.TTL ?? 60,
      ResourceRecords,
    };
    const Changes: Change[] = [
      ...(before ? [{ Action: 'DELETE', ResourceRecordSet: before } as const] : []),
      { Action: 'CREATE', ResourceRecordSet: set },
    ];
    const ChangeBatch = { Changes };
    await route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch }));
    txt.push({ name, value });
  }

  /** Another account uses up part of a limit. */
  function take(Key: string): void {
    const bytes = cloud.s3.bytesOf(names.bucket, Key);
    if (!bytes) return;
    const book = JSON.parse(Buffer.from(bytes).toString());
    const bucket = `orders:rival ${taken.length + 1}`;
    const fullAt = { ...book.fullAt, [bucket]: addMs(world.clock.now(), 400 * dayMs).getTime() };
    const Body = Buffer.from(JSON.stringify({ ...book, fullAt }));
    cloud.s3.operations.PutObject?.({ Bucket: names.bucket, Key, Body }, as);
    taken.push({ Key, bucket });
  }

  function isKept({ Key, bucket }: (typeof taken)[number]): boolean {
    const bytes = cloud.s3.bytesOf(names.bucket, Key);
    return bytes !== null && bucket in JSON.parse(Buffer.from(bytes).toString()).fullAt;
  }

  function touch(Key: string): void {
    const bytes = cloud.s3.bytesOf(names.bucket, Key);
    // Nobody else creates a record.
    if (!bytes) return;
    const part = JSON.parse(Buffer.from(bytes).toString());
    const at = world.clock.now().toISOString();
    const history = [...part.history, { at, stage: 'check', what: mark, why: null }];
    const Body = Buffer.from(JSON.stringify({ ...part, history }));
    cloud.s3.operations.PutObject?.({ Bucket: names.bucket, Key, Body }, as);
    marked.add(Key);
  }

  function isMarked(Key: string): boolean {
    const bytes = cloud.s3.bytesOf(names.bucket, Key);
    const { history = [] } = JSON.parse(Buffer.from(bytes ?? '{}').toString());
    return history.some(({ what }: { readonly what: string }) => what === mark);
  }

  return {
    txt,
    async act({ operation, input }) {
      const { Key = '' } = input as { Key?: string };
      if (Key.startsWith('budgets/')) take(Key);
      else if (operation === 'GetObject') touch(Key);
      else await addTxt(input as ListResourceRecordSetsCommandInput);
    },
    lost: () => [
      ...[...marked]
        .filter((key) => !isMarked(key))
        .map((key) => `${key}: what somebody else wrote there is lost`),
      ...taken.filter((each) => !isKept(each)).map(({ bucket }) => `${bucket} is lost`),
    ],
  };
}
