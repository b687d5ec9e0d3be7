import { afterAll, beforeAll, expect, test } from 'vitest';
import { listeners } from '#cli/prepare/doctor/checks/listeners.ts';
import { type DoctorLab, doctorLab, lines } from '#test/support/doctor-lab.ts';
import { configText } from '#test/support/fleet.ts';

let lab: DoctorLab;

beforeAll(async () => {
  lab = await doctorLab(
    configText(`
  api:
    names: ["*.example.com"]
    issuer: local
    key: rsa-2048
    targets:
      - {type: api-gateway, domain: api.example.com, region: eu-west-1}
      - {type: api-gateway, domain: edge.example.com, endpoint: edge, region: eu-west-1}
`),
  );
});
afterAll(() => lab?.close());

test('domain names of API Gateway that serve over TLS are ok', async () => {
  expect(lines(await lab.findings(listeners))).toEqual([
    'ok: api.example.com serves over TLS',
    'ok: edge.example.com serves over TLS',
  ]);
});

test('those that are not there, or are of another type, are wrong; the command asks their region', async () => {
  const text = lab.configText
    .replace('domain: api.example.com', 'domain: gone.example.com')
    .replace('endpoint: edge', 'endpoint: regional');
  const command = 'aws apigateway get-domain-names --region eu-west-1';
  expect(await lab.findings(listeners, text)).toMatchObject([
    { mark: 'wrong', text: expect.stringContaining('gone.example.com'), command },
    {
      mark: 'wrong',
      text: expect.stringContaining('the endpoint of edge.example.com is EDGE, and not regional'),
      command,
    },
  ]);
});

test('one right is enough, and is named where it is missing', async () => {
  const look = { Effect: 'Allow', Action: 'apigateway:GET', Resource: '*' } as const;
  const enough = await lab.findings(listeners, lab.configText, lab.as([look]));
  expect(enough.map(({ mark }) => mark)).toEqual(['ok', 'ok']);
  const missing = await lab.findings(listeners, lab.configText, lab.as([]));
  expect(JSON.stringify(missing)).toContain('apigateway:GET');
});
