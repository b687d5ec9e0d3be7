import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { MadeCertificate } from 'local-cloud/kit/certificates.ts';
import { txtValues } from '#local/demo/foreign-txt.ts';
import { newAttempt } from '#shared/acquire/attempt.ts';
import { partKey, writers } from '#shared/ledger/parts/writers.ts';
import { statusKey, statusText } from '#shared/status/status-object.ts';
import { createCsr, createKey } from '#shared/x509/csr.ts';
import { fleetStatus, troubled } from '#test/support/fleet-status.ts';
import type { World } from '#test/support/world.ts';
import { askOverHttp } from '#test/support/world-rules.ts';
import type { Attempt } from './attempt.ts';
import { isTold, lieAbout, lieBy, lieOf } from './lie.ts';
import { foreignTxt, otherTeam } from './stage.ts';

const forever = '9999-01-01T00:00:00.000Z';

/** Counts the certificates that the CA has issued for these names and that nobody here knows. */
function strangersOf(world: World, id: string, name: string): number {
  const known = new Set(world.record(id).versions.map(({ serial }) => serial));
  const orders = world.cloud.ca.ledger().orders.filter(({ names }) => names.includes(name));
  return orders.filter(({ serial }) => serial !== null && !known.has(serial)).length;
}

const serves = async (world: World, id: string, { serial }: MadeCertificate) =>
  (await world.served(id)).has(serial);

/** Attempts by records that the actor writes. */
export const byRecord: readonly Attempt[] = [
  {
    id: 'csr',
    what: 'a certificate of the CA for a key of their own',
    severity: 'critical',
    act: ({ write, world }) =>
      write('asked', () => {
        const names = ['asked.example.com'];
        const csr = createCsr(createKey('ecdsa-p256'), names);
        const certificate = world.landscape.config.certificates.find(({ id }) => id === 'asked');
        if (!certificate) throw new Error('asked is not configured');
        const begun = { reason: 'made up', issuer: 'local', configuration: 'x', reuseKey: false };
        const attempt = newAttempt('made-up', certificate, { ...begun, now: world.clock.now() });
        return { attempt: { ...attempt, csr, keyStored: true } };
      }),
    through: async (world) => strangersOf(world, 'asked', 'asked.example.com') > 0,
  },
  {
    id: 'roll-back',
    what: 'a certificate of another team at a listener of ours',
    severity: 'high',
    act: ({ write, world }) =>
      write('bound', ({ deployments }) => ({
        deployments: Object.fromEntries(
          Object.entries(deployments).map(([key, deployment]) => [
            key,
            {
              ...deployment,
              state: 'contradicted',
              provenAt: null,
              previous: { arn: otherTeam(world).arn, versionId: null, notAfter: forever },
              nextProbeAt: null,
              failure: null,
            },
          ]),
        ),
      })),
    through: (world) => serves(world, 'bound', otherTeam(world)),
  },
  {
    id: 'silence',
    what: 'an end of a certificate that nobody hears of',
    severity: 'high',
    act: ({ write }) =>
      write('silent', (record) => ({
        leases: { acquire: { fence: 'x', holder: 'nobody', until: forever } },
        expiryTold: { versionId: record.desired ?? '', days: -1 },
        deployments: Object.fromEntries(
          Object.entries(record.deployments).map(([key, each]) => [
            key,
            { ...each, nextProbeAt: forever },
          ]),
        ),
      })),
    async through(world) {
      const { versions } = world.record('silent');
      const ends = Math.max(...versions.map(({ notAfter }) => Date.parse(notAfter)));
      const hasHeard = world
        .inbox()
        .some(({ message }) => /\bsilent (expired|cannot be renewed)/.test(message));
      return ends < world.clock.now().getTime() && !hasHeard;
    },
  },
  {
    id: 'txt',
    what: 'a TXT value of somebody else taken away',
    severity: 'medium',
    act: ({ write, world }) =>
      write('cleaned', ({ txt }) => ({
        txt: [
          ...txt,
          {
            attemptId: 'made-up',
            solver: 'route53',
            zoneId: foreignTxt.zoneId(world),
            name: foreignTxt.name,
            value: foreignTxt.value,
            over: true as const,
          },
        ],
      })),
    through: async (world) =>
      !txtValues(world.cloud, foreignTxt.name).includes(`"${foreignTxt.value}"`),
  },
  {
    id: 'record',
    what: 'a message that is made up, through a record',
    severity: 'medium',
    act: ({ write, world }) =>
      write('told', ({ deployments }) => ({
        outbox: [lieAbout('told', 'record', world.clock.now())],
        acquireFailure: lieOf('record', world.clock.now()),
        deployments: Object.fromEntries(
          Object.entries(deployments).map(([key, each]) => [
            key,
            { ...each, state: 'failed', failure: lieOf('record', world.clock.now()) },
          ]),
        ),
      })),
    through: isTold('record'),
  },
];

const strangersToken = 'strangers-token-of-enough-length';

/** Attempts by other objects of the bucket. */
export const byObject: readonly Attempt[] = [
  {
    id: 'status',
    what: 'a message that is made up, through what check has written',
    severity: 'medium',
    async act({ client, put, world }) {
      const made = fleetStatus({ told: [troubled({ message: lieBy('status') })] });
      await put(statusKey, statusText(made));
      // Alert looks at it when it hears of a check.
      const Entries = [
        { EventBusName: 'certkeep', Source: 'certkeep', DetailType: 'checked', Detail: '{}' },
      ];
      await new EventBridgeClient(client).send(new PutEventsCommand({ Entries }));
      await world.settle();
    },
    through: isTold('status'),
  },
  {
    id: 'answer',
    what: 'an answer to any CA for a key authorization of their own',
    severity: 'high',
    act: ({ put }) =>
      put(`challenges/http-01/${strangersToken}`, `${strangersToken}.${'x'.repeat(43)}`),
    through: async (world) =>
      (await askOverHttp(world, `/.well-known/acme-challenge/${strangersToken}`)).includes('xxx'),
  },
  {
    id: 'huge',
    what: 'every check failing, by an object of 8 MiB',
    severity: 'medium',
    async act({ put }) {
      const body = Buffer.alloc(8 * 2 ** 20, ' ');
      const tries = writers.map((writer) => put(partKey(writer, 'aaa'), body));
      const done = await Promise.allSettled(tries);
      if (done.every(({ status }) => status === 'rejected')) await tries[0];
    },
    async through(world) {
      const result = await world.dispatcher.invoke('check', {});
      return !result.ok;
    },
  },
];
