import * as module from '@aws-sdk/client-resource-groups-tagging-api';
import { tagging } from 'local-cloud/services/tagging/service.ts';
import type { TaggedResource } from 'local-cloud/services/tagging/source.ts';
import { type LocalFront, localFront } from 'local-cloud/test/wire/local-front.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { AwsError, type Operations } from 'local-cloud/wire/service.ts';
import { serviceOf } from 'local-cloud/wire/service-of.ts';
import { afterEach, expect, test } from 'vitest';
import { s3Finds } from '#shared/discovery/found.ts';
import { lookForTags } from '#shared/discovery/look.ts';
import { awsTagReader } from '#shared/discovery/tagging-client.ts';
import { minuteMs } from '#shared/time/clock.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { listenerArn } from '#test/support/fleet.ts';
import { localClientOptions } from '#test/support/local-client-options.ts';
import { silentLog } from '#test/support/silent-log.ts';

const here = '000000000000/us-east-1';
const home = { account: '000000000000', region: 'us-east-1' };
const clock = virtualClock();

let front: LocalFront;
afterEach(() => front.close());

function tagged(arn: string, tags: Readonly<Record<string, string>>): TaggedResource {
  return { arn, tags: new Map(Object.entries(tags)) };
}

function listeners(count: number): TaggedResource[] {
  return Array.from({ length: count }, (_, index) =>
    tagged(listenerArn(`a${index}`, '1', home), { 'certkeep:certificate': 'docs' }),
  );
}

async function stage(resources: TaggedResource[], change: Operations = {}) {
  const service = tagging(clock, [{ taggedIn: () => resources }]);
  const operations = { ...service.operations, ...change };
  const Client = module.ResourceGroupsTaggingAPIClient;
  front = await localFront([serviceOf('tagging', module, Client, operations)]);
  const objects = fakeObjectStore();
  const finds = s3Finds(objects);
  const ports = {
    config: { discovery: { mode: 'approve', places: [here] } },
    finds,
    tagsIn: () => awsTagReader(localClientOptions(front, { maxAttempts: 1 })),
    clock,
    log: silentLog,
  } as const;
  return { finds, look: (place = here) => lookForTags(ports, place) };
}

test('what is tagged is read page by page, and nothing else', async () => {
  const other = tagged(listenerArn('other', '1', home), { team: 'web' });
  const { finds, look } = await stage([...listeners(250), other]);
  await look();
  const found = (await finds.read())[here];
  expect(found?.resources).toHaveLength(250);
  expect(found).toMatchObject({ isWhole: true, failure: null });
});

test('of more than a thousand the first are kept, and it is said', async () => {
  const { finds, look } = await stage(listeners(1_050));
  await look();
  const found = (await finds.read())[here];
  expect([found?.resources.length, found?.isWhole]).toEqual([1_000, false]);
});

test('what the service says of other places and kinds is left out, whatever the texts', async () => {
  const theirs = listenerArn('theirs', '1', home);
  const long = 'x'.repeat(300);
  const { finds, look } = await stage([
    tagged(theirs, { 'certkeep:certificate': long, 'certkeep:position': 'default' }),
    tagged(listenerArn('far', '1', { ...home, region: 'eu-west-1' }), {
      'certkeep:certificate': 'docs',
    }),
    tagged(theirs.replace(':listener/', ':listener-rule/'), { 'certkeep:certificate': 'docs' }),
    tagged('arn:aws:cloudfront::111111111111:distribution/E1ABCDEF', {
      'certkeep:certificate': 'docs',
    }),
  ]);
  await look();
  expect((await finds.read())[here]?.resources).toEqual([
    { arn: theirs, certificate: long.slice(0, 256), position: 'default' },
  ]);
});

test('pages without an end, and without anything, end', async () => {
  let pages = 0;
  const { finds, look } = await stage([], {
    GetResources: () => {
      pages += 1;
      return { PaginationToken: `page-${pages}`, ResourceTagMappingList: [] };
    },
  });
  await look();
  expect(pages).toBe(50);
  expect((await finds.read())[here]).toMatchObject({ isWhole: false, resources: [] });
});

test('a look that fails keeps what was found, and says since when; the next one that works ends that', async () => {
  const resources = listeners(1);
  let isDenied = false;
  const inner = tagging(clock, [{ taggedIn: () => resources }]).operations;
  const { finds, look } = await stage(resources, {
    GetResources: (input, call) => {
      if (isDenied) throw new AwsError('AccessDeniedException', 'no', 400);
      return inner.GetResources?.(input, call);
    },
  });
  await look();
  const lookedAt = (await finds.read())[here]?.lookedAt;
  isDenied = true;
  clock.advance(minuteMs);
  const since = clock.now().toISOString();
  await look();
  clock.advance(minuteMs);
  await look();
  const found = (await finds.read())[here];
  expect(found).toMatchObject({ lookedAt, failure: { error: 'ServiceDenied', since } });
  expect(found?.failure?.at).not.toBe(since);
  expect(found?.resources).toHaveLength(1);
  isDenied = false;
  await look();
  expect((await finds.read())[here]?.failure).toBeNull();
});

test('nobody looks where the configuration does not', async () => {
  const { finds, look } = await stage(listeners(1));
  await look('000000000000/eu-west-1');
  expect(await finds.read()).toEqual({});
});
