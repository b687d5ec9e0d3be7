import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { elbPace } from '#shared/targets/elb-pace.ts';
import { targetMaker } from '#shared/targets/registry.ts';
import type { TargetConfig } from '#shared/targets/specs.ts';
import { templateFacts } from '#shared/targets/template/facts.ts';
import { plugin } from '#shared/targets/template/plugin.ts';
import { deployLab, home } from '#test/support/deploy-lab.ts';
import { loadedTargets } from '#test/support/loaded-targets.ts';
import { type TargetHarness, targetContract } from './target-contract.ts';

async function loadBalancer(type: 'alb' | 'clb'): Promise<TargetHarness> {
  const lab = await deployLab();
  const made = await Promise.all([1, 2, 3].map(() => makeCertificate({ key: 'rsa-2048' })));
  const arns: string[] = [];
  for (const each of made) arns.push(await lab.imported(each));
  const [held = '', one = '', other = ''] = arns;
  const changing = /^ModifyListener$|^SetLoadBalancerListenerSSLCertificate$/;
  const alb = type === 'alb' ? await lab.createAlb('shop', held) : null;
  const port = type === 'clb' ? await lab.createClb('shop', held) : 0;
  const config: TargetConfig = alb
    ? { type: 'alb', listener: alb.listener, certificate: 'default' }
    : { type: 'clb', loadBalancer: 'shop', port };
  const missing: TargetConfig = alb
    ? { type: 'alb', listener: alb.listener.replace(/.$/, 'f'), certificate: 'default' }
    : { type: 'clb', loadBalancer: 'nothing', port };
  const make = (configured: TargetConfig) =>
    targetMaker(loadedTargets, {
      home,
      clientOptionsFor: () => lab.clientOptions({ maxAttempts: 1 }),
      clock: lab.clock,
    })(configured);
  let byHand = 0;
  return {
    target: () => make(config),
    missing: () => make(missing),
    arns: [held, one, other],
    async bindByHand(arn) {
      byHand += 1;
      if (alb) await lab.setDefault(alb.listener, arn);
      else
        await make(config).arrange(
          { default: arn, listed: [], unlisted: [], mayMakeRoom: false },
          { default: held, list: [] },
        );
    },
    changes: () =>
      lab.faults.calls.filter(({ operation }) => changing.test(operation)).length - byHand,
    loseNextAnswer: () =>
      lab.faults.add({
        when: ({ operation }) => changing.test(operation),
        fault: { do: 'lose-answer' },
      }),
    close: () => lab.close(),
  };
}

/** What the template speaks to. */
async function templateServer(): Promise<TargetHarness> {
  const listener = {
    host: 'gateway.example',
    port: 443,
    certificateArn: 'held',
    tags: {} as Record<string, string>,
  };
  let changes = 0;
  let losesAnswer = false;
  const server = createServer(async (request, response) => {
    const [, , name = '', part] = request.url?.split('/') ?? [];
    if (name !== 'front') return void response.writeHead(404).end();
    let body = '';
    for await (const chunk of request) body += chunk;
    if (part === 'certificate') {
      changes += 1;
      listener.certificateArn = JSON.parse(body).arn;
    }
    if (part === 'tags') Object.assign(listener.tags, JSON.parse(body));
    if (part === 'certificate' && losesAnswer) {
      losesAnswer = false;
      return void request.socket.destroy();
    }
    response.end(JSON.stringify(listener));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clock = virtualClock();
  const options = { region: home.region } as ClientOptions;
  const target = (name: string) => {
    const config = { type: 'template', server: url, listener: name } as const;
    const maker = plugin.inPlace({ clock, elbPace: elbPace(clock), options });
    return maker.target(config, templateFacts.identify(config, home));
  };
  return {
    target: () => target('front'),
    missing: () => target('nothing'),
    arns: ['held', 'one', 'other'],
    async bindByHand(arn) {
      listener.certificateArn = arn;
    },
    changes: () => changes,
    loseNextAnswer() {
      losesAnswer = true;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

targetContract('alb', () => loadBalancer('alb'));
targetContract('clb', () => loadBalancer('clb'));
targetContract('template', templateServer);
