import { parsePlaceKey } from '#shared/place.ts';
import { hourMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { leaveBehind } from '#test/support/leave-behind.ts';
import type { World } from '#test/support/world.ts';
import type { Scenario } from './scenario.ts';

const parameter = '/certkeep/shop/certificate-arn';
const retiredPlaces = [
  '123456789012/ap-southeast-2',
  '123456789012/ap-southeast-2/iam',
  '222222222222/eu-central-1',
  '222222222222/eu-central-1/iam',
];

const source = `${configText(
  `  shop: {names: [example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn('shop')}"}]}\n`,
)}retired: {places: [${retiredPlaces}]}\n`;

/** Covers home and an account without any targets left. */
export const retired: Scenario = {
  name: 'what an earlier configuration has left in retired places is taken out',
  source,
  async run(world) {
    await world.check();
    const { places } = world.landscape.config.retired;
    for (const place of places) await leaveBehind(world, 'shop', place);
    await world.live(hourMs);
  },
  problems(world) {
    const { acm, serverCertificates } = world.cloud;
    const held = acm.certificates().map(({ arn }) => arn);
    const { imports } = world.record('shop');
    const left = world.landscape.config.retired.places.flatMap((place) => [
      ...(place in imports ? [`${place} is in the record`] : []),
      ...(held.some((arn) => arn.startsWith(prefixOf(place))) ? [`ACM of ${place} holds it`] : []),
      ...(publishedIn(world, place) === null ? [] : [`${place} publishes it`]),
    ]);
    const inIam = serverCertificates.certificates().map(({ name }) => `IAM holds ${name}`);
    return [...world.denied().map((denial) => `denied: ${denial}`), ...left, ...inIam];
  },
};

function prefixOf(place: string): string {
  const { account, region } = parsePlaceKey(place);
  return `arn:aws:acm:${region}:${account}:`;
}

function publishedIn({ cloud }: World, place: string): string | null {
  return cloud.ssm.valueOf(parameter, parsePlaceKey(place));
}
