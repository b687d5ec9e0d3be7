import { refusing } from '#test/support/two-cas.ts';
import { healthy, hour, type Scenario, small } from './scenario.ts';

const twoIssuers = small
  .replace(
    'issuers:\n',
    'issuers:\n  second: {type: acme, directory: "https://second.example/directory", termsOfServiceAgreed: true}\n',
  )
  .replace('issuer: local', 'issuer: [second, local]');

export const standIn: Scenario = {
  name: 'an issuer that fails is remembered, and another one stands in',
  source: twoIssuers,
  async run(world) {
    const { misbehaviour } = world.cloud.ca;
    misbehaviour.add({
      ...refusing('newOrder', { type: 'serverInternal', status: 503 }),
      times: 6,
    });
    await world.check();
    await world.live(12 * hour);
  },
  problems: healthy,
};

export const limited: Scenario = {
  name: 'orders are counted, and sent as the limits of the CA allow',
  source: small.replace(
    'termsOfServiceAgreed: true}',
    'termsOfServiceAgreed: true, limits: {orders: 300 per 3h}}',
  ),
  async run(world) {
    await world.check();
    await world.live(hour);
  },
  problems: healthy,
};

export const listed: Scenario = {
  name: 'the revocation list that a certificate names is asked, and believed for who signed it',
  source: small,
  ca: { revocationList: true },
  async run(world) {
    await world.check();
    await world.live(hour);
  },
  problems: (world) => [
    ...world.denied().map((denial) => `denied: ${denial}`),
    ...(world.record('shop').revocation?.failure === null ? [] : ['the list was not believed']),
  ],
};
