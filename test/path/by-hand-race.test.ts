import type { ImportCertificateResponse } from '@aws-sdk/client-acm';
import type { DescribeListenersOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { importInput, makeCertificate } from 'local-cloud/kit/certificates.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { ask } from 'local-cloud/wire/service.ts';
import { afterEach, expect, test } from 'vitest';
import { hourMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const source = configText(
  `  shop: {names: [example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn('shop')}"}]}\n`,
);
const somebody = { account: homeAccount, region: 'us-east-1', accessKeyId: 'somebody' };

function listener(): string {
  const [target] = world.landscape.config.certificates[0]?.targets ?? [];
  return target?.type === 'alb' ? target.listener : '';
}

function defaultOf(ListenerArn: string): string | undefined {
  const asked = { ListenerArns: [ListenerArn] };
  const found = ask(world.cloud.elbv2, 'DescribeListeners', asked, somebody);
  const { Listeners } = found as DescribeListenersOutput;
  return Listeners?.[0]?.Certificates?.[0]?.CertificateArn;
}

/** How many calls deploy makes from its last look to the change of the default. */
const between = 4;

// What it reads, the intent, and the last look at the default, which it asks for right before it changes it.
test.each(Array.from({ length: between }, (_, n) => n + 1))(
  'a default that somebody sets at call %i after the last look of deploy keeps its name',
  async (nth) => {
    const made = await makeCertificate({ names: ['pay.example.com'] });
    world = await startWorld(source);
    const { acm, elbv2, faults } = world.cloud;
    const imported = ask(acm, 'ImportCertificate', importInput(made), somebody);
    const { CertificateArn = '' } = imported as ImportCertificateResponse;
    await world.clock.sleep(hourMs / 60);
    let looks = 0;
    const since: string[] = [];
    faults.watch = ({ caller, operation }) => {
      if (caller !== 'deploy' || since.length === nth) return;
      if (looks === 2) since.push(operation);
      if (operation === 'DescribeListenerCertificates') looks += 1;
      const change = { ListenerArn: listener(), Certificates: [{ CertificateArn }] };
      if (since.length === nth) ask(elbv2, 'ModifyListener', change, somebody);
    };
    await world.check();
    await world.live(2 * hourMs);
    expect(since).not.toContain('ModifyListener');
    expect(defaultOf(listener())).toBe(CertificateArn);
    const happened = world.events().map(({ summary }) => summary);
    expect(happened).toContainEqual(expect.stringContaining('could not be deployed'));
    expect(happened).not.toContainEqual(expect.stringContaining('is served'));
  },
);
