import { parsePlaceKey } from '#shared/place.ts';
import { hourMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { leaveBehind } from '#test/support/leave-behind.ts';
import type { World } from '#test/support/world.ts';
import type { Scenario } from './scenario.ts';

const parameter = '/certkeep/shop/certificate-arn';
const retiredPlaces = [
  '123456789012/ap-southeast-2',
  '222222222222/eu-central-1',
  '222222222222/eu-central-1/iam',
];

/** Covers home and an account without any targets left. */
export const retired: Scenario = takenOut(
  'what an earlier configuration has left in retired places is taken out',
  `{type: alb, listener: "${listenerArn('shop')}"}`,
  retiredPlaces,
);

/** No target brings the right to ask load balancers. */
export const retiredInIam: Scenario = takenOut(
  'server certificates of IAM that are left at home are taken out, where no load balancer is a target any more',
  '{type: acm}',
  ['123456789012/us-east-1/iam'],
);

function takenOut(name: string, target: string, places: readonly string[]): Scenario {
  const certificates = `  shop: {names: [example.com], issuer: local, targets: [${target}]}\n`;
  return {
    name,
    source: `${configText(certificates)}retired: {places: [${places}]}\n`,
    async run(world) {
      await world.check();
      const { places: here } = world.landscape.config.retired;
      for (const place of here) await leaveBehind(world, 'shop', place);
      await world.live(hourMs);
    },
    problems: remains,
  };
}

function remains(world: World): readonly string[] {
  const { acm, serverCertificates } = world.cloud;
  const held = acm.certificates().map(({ arn }) => arn);
  const { imports } = world.record('shop');
  const left = world.landscape.config.retired.places.flatMap((place) => [
    ...(place in imports ? [`${place} is in the record`] : []),
    ...(parsePlaceKey(place).store ? [] : remainsInAcm(world, place, held)),
  ]);
  const inIam = serverCertificates.certificates().map(({ name }) => `IAM holds ${name}`);
  return [...world.denied().map((denial) => `denied: ${denial}`), ...left, ...inIam];
}

function remainsInAcm(world: World, place: string, held: readonly string[]): readonly string[] {
  return [
    ...(held.some((arn) => arn.startsWith(prefixOf(place))) ? [`ACM of ${place} holds it`] : []),
    ...(publishedIn(world, place) === null ? [] : [`${place} publishes it`]),
  ];
}

function prefixOf(place: string): string {
  const { account, region } = parsePlaceKey(place);
  return `arn:aws:acm:${region}:${account}:`;
}

function publishedIn({ cloud }: World, place: string): string | null {
  return cloud.ssm.valueOf(parameter, parsePlaceKey(place));
}
