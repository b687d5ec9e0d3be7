import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { CertkeepError } from '#shared/errors.ts';
import { carry, type Delivery, type StageWork } from '#shared/queues/carry.ts';
import { handOver } from '#shared/queues/hand-over.ts';
import type { CertificateWork, Message, WorkQueues } from '#shared/queues/work.ts';
import { addMs, type Clock, secondMs } from '#shared/time/clock.ts';
import type { Invocation } from '#shared/time/invocation.ts';
import { silentLog } from '#test/support/silent-log.ts';

const runMs = 150 * secondMs;

function lab() {
  const clock = virtualClock();
  const begunAt = clock.now().getTime();
  const sent: { readonly message: Message; readonly why: string; readonly atMs: number }[] = [];
  const started: Message[] = [];
  const refuses = { queues: false, functions: false };
  const ports = {
    clock: clock as Clock,
    log: silentLog,
    queues: {
      async send(message: Message, why: string) {
        if (refuses.queues) throw new CertkeepError('ServiceThrottled', 'SQS: slow down');
        sent.push({ message, why, atMs: clock.now().getTime() - begunAt });
      },
    },
    functions: {
      async start(message: Message) {
        if (refuses.functions) throw new CertkeepError('ServiceThrottled', 'Lambda: slow down');
        started.push(message);
      },
    },
  };
  const invocation = { id: 'run', deadline: addMs(clock.now(), runMs) };
  return { clock, invocation, ports, refuses, sent, started };
}

function delivery(ids: readonly string[], change: Partial<Delivery> = {}): Delivery {
  const [certificate = '', ...also] = ids;
  return { message: { kind: 'issue', certificate, also }, isQueued: true, receives: 1, ...change };
}

type Ports = ReturnType<typeof lab>['ports'];

/** A stage that has nothing to pass on again. */
const carried = (
  ports: Ports,
  delivered: Delivery,
  invocation: Invocation,
  work: StageWork<Ports, string>['work'],
) => carry(ports, delivered, invocation, { work });

const single = (certificate: string) => ({ kind: 'issue', certificate });
const ids = (count: number) => Array.from({ length: count }, (_, at) => `c${at}`);

test('a run works on its certificates side by side, each once, and answers with counts', async () => {
  const { clock, invocation, ports } = lab();
  const begun: string[] = [];
  const answer = await carried(
    ports,
    delivery([...ids(25), 'c3']),
    invocation,
    async ({ certificate }) => {
      begun.push(certificate);
      await clock.sleep(40 * secondMs);
      return certificate === 'c7' ? 'waiting' : 'issued';
    },
  );
  expect(begun).toEqual(ids(25));
  expect(answer).toEqual({ certificates: 25, outcomes: { issued: 24, waiting: 1 } });
  expect(clock.now()).toEqual(addMs(invocation.deadline, 40 * secondMs - runMs));
});

test('a run of one certificate answers and fails as its work does', async () => {
  const { invocation, ports } = lab();
  const run = (work: () => Promise<string>) => carried(ports, delivery(['shop']), invocation, work);
  expect(await run(async () => 'issued')).toBe('issued');
  await expect(run(() => Promise.reject(new Error('a defect')))).rejects.toThrow('a defect');
});

test('a certificate whose work fails is sent again alone, and its neighbours go on', async () => {
  const { invocation, ports, sent } = lab();
  const answer = await carried(ports, delivery(ids(3)), invocation, async ({ certificate }) => {
    if (certificate === 'c1') throw new Error('a defect');
    return 'issued';
  });
  expect(answer).toEqual({ certificates: 3, outcomes: { issued: 2, failed: 1 } });
  expect(sent).toEqual([{ message: single('c1'), why: 'failed', atMs: 0 }]);
});

test('a run whose queue takes no failed certificate fails, so that its message comes again', async () => {
  const { invocation, ports, refuses } = lab();
  refuses.queues = true;
  const run = carried(ports, delivery(ids(3)), invocation, () =>
    Promise.reject(new Error('defect')),
  );
  await expect(run).rejects.toThrow('SQS: slow down');
});

test('from the second receive on each certificate is sent alone, the one that began last first', async () => {
  const { invocation, ports, sent } = lab();
  const again = delivery(ids(3), { receives: 2 });
  const answer = await carried(ports, again, invocation, async () => expect.unreachable());
  expect(answer).toEqual({ certificates: 3, outcomes: { 'sent-alone': 3 } });
  const sentAlone = ['c2', 'c1', 'c0'].map((id) => ({ ...single(id), died: true }));
  expect(sent.map(({ message }) => message)).toEqual(sentAlone);
});

test.each<[string, Partial<Delivery>, readonly string[]]>([
  ['that says so', { message: { kind: 'issue', certificate: 'shop', died: true } }, ['shop']],
  ['that comes again', { receives: 2 }, ['shop']],
  ['that comes for the first time', {}, []],
])(
  'of a run that died the next stage gets what it may lack: a message %s',
  async (_, change, passed) => {
    const { invocation, ports } = lab();
    const again: string[] = [];
    await carry(ports, delivery(['shop'], change), invocation, {
      work: async () => 'nothing-to-do',
      passOn: async ({ certificate }) => void again.push(certificate),
    });
    expect(again).toEqual(passed);
  },
);

test('a message for one certificate is worked on however often it comes', async () => {
  const { invocation, ports } = lab();
  const again = delivery(['shop'], { receives: 4 });
  expect(await carried(ports, again, invocation, async () => 'issued')).toBe('issued');
});

test('a certificate that another run has is waited for beside the others', async () => {
  const { clock, invocation, ports, sent } = lab();
  const freeAt = addMs(clock.now(), 33 * secondMs);
  const answer = await carried(ports, delivery(ids(2)), invocation, async ({ certificate }) =>
    certificate === 'c0' && clock.now() < freeAt ? 'busy' : 'issued',
  );
  expect(answer).toEqual({ certificates: 2, outcomes: { issued: 2 } });
  expect(sent).toEqual([]);
});

test.each([
  ['is queued by a run that was started without the queue', false, 0],
  ['is queued by a run that has no time left to wait', true, 105 * secondMs],
])('a certificate that another run has %s', async (_, isQueued, atMs) => {
  const { invocation, ports, sent } = lab();
  const busy = carried(ports, delivery(['shop'], { isQueued }), invocation, async () => 'busy');
  expect(await busy).toBe('busy');
  expect(sent).toEqual([{ message: single('shop'), why: 'busy', atMs }]);
});

test('a started run whose queue takes no message fails, so that Lambda runs the event again', async () => {
  const { invocation, ports, refuses } = lab();
  refuses.queues = true;
  const busy = carried(
    ports,
    delivery(['shop'], { isQueued: false }),
    invocation,
    async () => 'busy',
  );
  await expect(busy).rejects.toThrow('SQS: slow down');
});

test('a run that cannot send its certificates apart fails, so that its message comes again', async () => {
  const { invocation, ports, refuses } = lab();
  refuses.queues = true;
  const again = carried(ports, delivery(ids(3), { receives: 2 }), invocation, async () => 'issued');
  await expect(again).rejects.toThrow('SQS: slow down');
});

/** Each certificate passes its next work on after so many seconds. */
function passingOn(
  { clock }: { readonly clock: Clock },
  pass: (certificate: string, queues: WorkQueues) => Promise<void>,
  after: (certificate: string) => number,
) {
  return async (
    { certificate }: CertificateWork,
    { queues }: { readonly queues: WorkQueues },
  ): Promise<string> => {
    await clock.sleep(after(certificate) * secondMs);
    await pass(certificate, queues);
    return 'issued';
  };
}

const toDeploy = (place: string) => (certificate: string, queues: WorkQueues) =>
  queues.send({ kind: 'deploy', certificate, place }, 'v1');

test('what the certificates of a run pass on is gathered into one message for each place', async () => {
  const { clock, invocation, ports, sent } = lab();
  const work = passingOn(
    { clock },
    async (certificate, queues) => {
      await toDeploy('home')(certificate, queues);
      if (certificate !== 'c1') await toDeploy('away')(certificate, queues);
    },
    (certificate) => Number(certificate.slice(1)),
  );
  await carried(ports, delivery(ids(3)), invocation, work);
  expect(sent.map(({ message }) => message)).toEqual([
    { kind: 'deploy', certificate: 'c0', place: 'home', also: ['c1', 'c2'] },
    { kind: 'deploy', certificate: 'c0', place: 'away', also: ['c2'] },
  ]);
});

test('the deploys of a large run wait for others for as long as ACM takes to import them', async () => {
  const { clock, invocation, ports, sent } = lab();
  const work = passingOn(
    { clock },
    toDeploy('home'),
    (certificate) => Number(certificate.slice(1)) * 2,
  );
  await carried(ports, delivery(ids(20)), invocation, work);
  expect(sent.map(({ atMs }) => atMs)).toEqual([20 * secondMs, 38 * secondMs]);
});

test('nothing that is passed on waits for a certificate that hangs', async () => {
  const { clock, invocation, ports, sent } = lab();
  const work = passingOn({ clock }, toDeploy('home'), (certificate) =>
    certificate === 'c0' ? 140 : 10,
  );
  await carried(ports, delivery(ids(3)), invocation, work);
  expect(sent).toEqual([
    {
      message: { kind: 'deploy', certificate: 'c1', place: 'home', also: ['c2'] },
      why: 'v1',
      atMs: 15 * secondMs,
    },
    {
      message: { kind: 'deploy', certificate: 'c0', place: 'home' },
      why: 'v1',
      atMs: 140 * secondMs,
    },
  ]);
});

test('of the urgent work of several certificates the first is started, and the others are soon queued', async () => {
  const { invocation, ports, refuses, sent, started } = lab();
  const run = () =>
    carried(ports, delivery(ids(3)), invocation, async ({ certificate }, { functions, queues }) => {
      const work = { kind: 'deploy', certificate, place: 'home' } as const;
      await handOver({ functions, queues, log: silentLog }, [{ work, isUrgent: true }], 'v1');
      await ports.clock.sleep(20 * secondMs);
      return 'issued';
    });
  await run();
  const first = { kind: 'deploy', certificate: 'c0', place: 'home' };
  const rest = { kind: 'deploy', certificate: 'c1', place: 'home', also: ['c2'] };
  expect(started).toEqual([first]);
  expect(sent).toEqual([{ message: rest, why: 'urgent', atMs: secondMs }]);
  refuses.functions = true;
  sent.length = 0;
  await run();
  expect(sent.map(({ message }) => message)).toEqual([rest, first]);
});

test('what cannot be passed on fails nothing: check finds it', async () => {
  const { clock, invocation, ports, refuses } = lab();
  refuses.queues = true;
  const work = passingOn({ clock }, toDeploy('home'), () => 1);
  const answer = await carried(ports, delivery(ids(3)), invocation, work);
  expect(answer).toEqual({ certificates: 3, outcomes: { issued: 3 } });
});
