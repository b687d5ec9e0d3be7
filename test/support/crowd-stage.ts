import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { decideDeploy } from '#shared/deploy/decide-deploy.ts';
import { deploy } from '#shared/deploy/deploy.ts';
import type { ProbeQuestion } from '#shared/deploy/probe/probe.ts';
import { verifyDue } from '#shared/deploy/verify/verify-due.ts';
import type { Work } from '#shared/queues/work.ts';
import { albKind } from '#shared/targets/alb/kind.ts';
import { elbPace } from '#shared/targets/elb-pace.ts';
import { listenerTarget } from '#shared/targets/elbv2/listener-target.ts';
import { pacedElbv2 } from '#shared/targets/elbv2/paced.ts';
import { identitiesOf, identityOf } from '#shared/targets/identities.ts';
import { addMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { deployStage, foreignArn, place } from './deploy-stage.ts';
import { meteredAlb } from './metered-alb.ts';
import { verifyRun } from './verify-run.ts';

/** Nothing here is real I/O: some turns of the event loop are all that a call takes. */
function inSomeTurns(then: () => void, turns = 12): void {
  if (turns === 0) then();
  else setImmediate(() => inSomeTurns(then, turns - 1));
}

const timeoutMs = 150 * secondMs;
const deliveryMs = secondMs;
const lookEveryMs = 10 * minuteMs;

export type CrowdStage = ReturnType<typeof crowdStage>;

/**
 * One certificate on many listeners of one place, all of which have a foreign default: deploy and verify as they
 * are, each in runs of 150 s, one after the other, over metered listeners. Messages take a second, and
 * every ten minutes somebody looks what is due, as check and the sweep do.
 */
export function crowdStage(size: number, { othersPerSecond = 0 } = {}) {
  const clock = virtualClock(undefined, inSomeTurns);
  const kinds = Array.from({ length: size }, () => 'default' as const);
  const stage = deployStage({ kinds, clock });
  const { home } = stage.config;
  const { id = '', targets: configs = [] } = stage.config.certificates[0] ?? {};
  const identities = identitiesOf({ id, targets: configs }, home);
  const listeners = configs.map((config) => (config.type === 'alb' ? config.listener : ''));
  const notAfter = addMs(clock.now(), 20 * 24 * 60 * minuteMs);
  const elb = meteredAlb(clock, listeners, {
    defaultArn: foreignArn,
    notAfter,
    othersPerSecond,
  });
  const serialOf = (arn: string) => stage.acm.held.get(arn)?.serial ?? '00';
  const waiting = { deploy: 0, verify: 0 };
  const runs: { readonly kind: keyof typeof waiting; readonly tookMs: number }[] = [];

  /** Each function of its own container, with a pace of its own. */
  function targetsOfOneFunction() {
    const client = pacedElbv2(elb.client, elbPace(clock));
    const targets = configs.flatMap((config) =>
      config.type === 'alb'
        ? [
            listenerTarget({
              ...config,
              kind: albKind,
              identity: identityOf(config, home, id),
              client,
              clock,
            }),
          ]
        : [],
    );
    return () => targets;
  }

  const ports = {
    ...stage.ports,
    probe: async ({ host, servername }: ProbeQuestion) => elb.answers(host, serialOf, servername),
    queues: {
      async send({ kind }: Work) {
        if (kind === 'deploy' || kind === 'verify') waiting[kind] += 1;
      },
    },
    settings: { ...stage.ports.settings, spreadMs: 15 * minuteMs, pollMs: 4 * secondMs },
  };
  const deployPorts = { ...ports, targetsOf: targetsOfOneFunction() };
  const verifyPorts = {
    ...ports,
    objects: stage.objects,
    ledger: stage.ledgerOf('verify'),
    targetsOf: targetsOfOneFunction(),
  };
  const workers = {
    deploy: () => deploy(deployPorts, { certificate: 'shop', place }, stage.invocation()),
    verify: () => verifyRun(verifyPorts, 'shop', stage.invocation()),
  };

  async function work(kind: 'deploy' | 'verify', until: () => boolean): Promise<void> {
    while (!until()) {
      await clock.sleep(deliveryMs);
      if (waiting[kind] === 0) continue;
      waiting[kind] -= 1;
      const startedAt = clock.now().getTime();
      await workers[kind]();
      runs.push({ kind, tookMs: clock.now().getTime() - startedAt });
    }
  }

  async function look(until: () => boolean): Promise<void> {
    while (!until()) {
      await clock.sleep(lookEveryMs);
      const record = await stage.record();
      const now = clock.now();
      const decision = decideDeploy({ record, targets: identities, rollout: null, place, now });
      if (decision.outcome === 'due') waiting.deploy += 1;
      if (verifyDue(record, identities, now).length > 0) waiting.verify += 1;
    }
  }

  return {
    ...stage,
    elb,
    runs,
    listeners,
    timeoutMs,
    /** From a message to deploy until all is served, or for so long. Returns how long it took, in seconds. */
    async serve(withinMs: number): Promise<number> {
      const startedAt = clock.now().getTime();
      const told = stage.told().length;
      const isOver = () =>
        stage.told().slice(told).includes('served') || clock.now().getTime() - startedAt > withinMs;
      waiting.deploy += 1;
      await Promise.all([
        work('deploy', isOver),
        work('verify', isOver),
        Promise.race([look(isOver), served(isOver)]),
      ]);
      return (clock.now().getTime() - startedAt) / secondMs;
    },
  };

  async function served(isOver: () => boolean): Promise<void> {
    while (!isOver()) await clock.sleep(secondMs);
  }
}
