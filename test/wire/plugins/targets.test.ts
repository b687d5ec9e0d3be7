import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SSM } from '@aws-sdk/client-ssm';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { byAcm } from 'local-cloud/kit/distribution.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { elbPace } from '#shared/targets/elb-pace.ts';
import { hasList } from '#shared/targets/elbv2/facts.ts';
import { targetMaker } from '#shared/targets/registry.ts';
import type { TargetConfig } from '#shared/targets/specs.ts';
import { templateFacts } from '#shared/targets/template/facts.ts';
import { plugin } from '#shared/targets/template/plugin.ts';
import { deployLab, home } from '#test/support/deploy-lab.ts';
import { loadedTargets } from '#test/support/loaded-targets.ts';
import { type TargetHarness, targetContract } from './target-contract.ts';

type Named = Exclude<TargetConfig, { readonly type: 'acm' | 'cloudfront' | 'files' }>;

/** The parameter that tells others which ARN to use. */
async function parameter(): Promise<TargetHarness> {
  const lab = await deployLab();
  const arns: string[] = [];
  for (const names of [['a.example.com'], ['b.example.com'], ['c.example.com']]) {
    arns.push(await lab.imported(await makeCertificate({ names })));
  }
  const [held = '', one = '', other = ''] = arns;
  const ssm = new SSM(lab.clientOptions({ maxAttempts: 1 }));
  const put = (Value: string) =>
    ssm.putParameter({
      Name: '/certkeep/shop/certificate-arn',
      Type: 'String',
      Value,
      Overwrite: true,
    });
  await put(held);
  let byHand = 1;
  return {
    target: () =>
      targetMaker(loadedTargets, {
        installation: 'certkeep',
        home,
        clientOptionsFor: () => lab.clientOptions({ maxAttempts: 1 }),
        clock: lab.clock,
      })({ type: 'acm', probe: 'www.example.com:8443' }, 'shop'),
    arns: [held, one, other],
    async bindByHand(arn) {
      byHand += 1;
      await put(arn);
    },
    changes: () =>
      lab.faults.calls.filter(({ operation }) => operation === 'PutParameter').length - byHand,
    loseNextAnswer: () =>
      lab.faults.add({
        when: ({ operation }) => operation === 'PutParameter',
        fault: { do: 'lose-answer' },
      }),
    close: () => lab.close(),
  };
}

async function distribution(): Promise<TargetHarness> {
  const lab = await deployLab();
  const arns: string[] = [];
  for (let count = 0; count < 3; count += 1) arns.push(await lab.imported(await makeCertificate()));
  const [held = '', one = '', other = ''] = arns;
  const { id } = await lab.createDistribution(['shop.example.com'], held);
  const target = (distribution: string) =>
    targetMaker(loadedTargets, {
      installation: 'certkeep',
      home,
      clientOptionsFor: () => lab.clientOptions({ maxAttempts: 1 }),
      clock: lab.clock,
    })({ type: 'cloudfront', distribution }, 'shop');
  let byHand = 0;
  return {
    target: () => target(id),
    missing: () => target('E00000000000GO'),
    arns: [held, one, other],
    async bindByHand(arn) {
      byHand += 1;
      await lab.changeDistribution(id, { ViewerCertificate: byAcm(arn) });
    },
    changes: () =>
      lab.faults.calls.filter(({ operation }) => operation === 'UpdateDistribution').length -
      byHand,
    loseNextAnswer: () =>
      lab.faults.add({
        when: ({ operation }) => operation === 'UpdateDistribution',
        fault: { do: 'lose-answer' },
      }),
    close: () => lab.close(),
  };
}

async function loadBalancer(type: Named['type']): Promise<TargetHarness> {
  const lab = await deployLab();
  const made = await Promise.all([1, 2, 3].map(() => makeCertificate({ key: 'rsa-2048' })));
  const arns: string[] = [];
  for (const each of made) arns.push(await lab.imported(each));
  const [held = '', one = '', other = ''] = arns;
  const changing = /^ModifyListener$|^SetLoadBalancerListenerSSLCertificate$|^UpdateDomainName$/;
  const config = await configured();
  const missing = elsewhere(config);
  const make = (configured: TargetConfig) =>
    targetMaker(loadedTargets, {
      installation: 'certkeep',
      home,
      clientOptionsFor: () => lab.clientOptions({ maxAttempts: 1 }),
      clock: lab.clock,
    })(configured, 'shop');
  async function configured(): Promise<Named> {
    if (type === 'clb') {
      return { type, loadBalancer: 'shop', port: await lab.createClb('shop', held) };
    }
    if (type === 'api-gateway') {
      await lab.createDomainName('shop.example.com', held);
      return { type, domain: 'shop.example.com', endpoint: 'regional' };
    }
    const { listener } = await lab.createListener(type, 'shop', held);
    return { type, listener, certificate: 'default' };
  }
  let byHand = 0;
  return {
    target: () => make(config),
    missing: () => make(missing),
    arns: [held, one, other],
    async bindByHand(arn) {
      byHand += 1;
      if (hasList(config)) await lab.setDefault(config.listener, arn);
      else if (config.type === 'api-gateway') await lab.setDomain(config.domain, arn);
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

/** The same of a listener that is not there. */
function elsewhere(config: Named): Named {
  switch (config.type) {
    case 'clb':
      return { ...config, loadBalancer: 'nothing' };
    case 'api-gateway':
      return { ...config, domain: 'nothing.example.com' };
    default:
      return { ...config, listener: config.listener.replace(/.$/, 'f') };
  }
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
    const maker = plugin.inPlace({
      installation: 'certkeep',
      home,
      clock,
      elbPace: elbPace(clock),
      options,
    });
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
targetContract('nlb', () => loadBalancer('nlb'));
targetContract('clb', () => loadBalancer('clb'));
targetContract('api-gateway', () => loadBalancer('api-gateway'));
targetContract('acm', parameter);
targetContract('cloudfront', distribution);
targetContract('template', templateServer);
