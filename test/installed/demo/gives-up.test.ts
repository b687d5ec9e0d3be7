import { afterEach, expect, test } from 'vitest';
import { readBack } from '#local/demo/landscape.ts';
import { verdict } from '#local/demo/output/verdict.ts';
import { runFleet } from '#local/demo/run.ts';
import { type Setting, startSetting } from '#local/demo/setting.ts';

let setting: Setting;
afterEach(() => setting.close());

const text = `
home: {account: "481204569913", region: eu-central-1}
alerts: {email: [ops@certkeep.dev]}
issuers:
  letsencrypt: {type: acme, directory: letsencrypt, termsOfServiceAgreed: true}
solvers: [{type: route53}]
certificates:
  shop: {names: [shop.example.com], issuer: letsencrypt}
`;

test('where nothing more comes of it, also while something is worked at, it gives up, and says on what', async () => {
  setting = await startSetting({
    source: { text, config: readBack(text).config },
    past: [],
    onLog: () => undefined,
    onStep: () => undefined,
  });
  setting.cloud.faults.add({
    when: ({ service }) => service === 'acme',
    fault: { do: 'refuse', code: 'ServiceUnavailable', status: 503 },
    times: Number.POSITIVE_INFINITY,
  });
  // As long as anybody works at something, it does not settle.
  const { settle } = setting.dispatcher;
  Object.assign(setting.dispatcher, { settle: () => new Promise(() => undefined) });
  const played = await runFleet(setting, () => undefined, { waitMs: 8_000 });
  Object.assign(setting.dispatcher, { settle });
  expect(played).toMatchObject({ ok: false, gaveUpAfterMs: 8_000 });
  const lines = verdict(played, 20_000).split('\n');
  expect(lines[0]).toMatch(/^ {2}shop: IssuerUnreachable: /);
  expect(lines.slice(-2)).toEqual([
    'Gave up: for 8.0 s nothing more has come of shop.',
    'Not every endpoint serves what the ledger says (20.0 s): shop.',
  ]);
}, 120_000);
