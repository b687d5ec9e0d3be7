import { stringify } from 'yaml';
import { listenerArn } from '#test/support/fleet.ts';

const perListener = 20;

/**
 * A configuration in YAML: twenty certificates stand in the list of each listener, in each region, and have a zone of their
 * own. `executions` is the number of runs of each function; null for the defaults. Those beyond the first `served` have no
 * listener: servers fetch them.
 */
export function fleetText(
  count: number,
  {
    regions = ['us-east-1'],
    executions = null,
    served = count,
  }: {
    readonly regions?: readonly string[];
    readonly executions?: number | null;
    readonly served?: number;
  } = {},
): string {
  const certificates = Array.from({ length: count }, (_, at) => {
    const group = Math.floor(at / perListener);
    const places = at < served ? regions : [];
    const targets = places.map((region) => ({
      type: 'alb',
      listener: listenerArn(`alb-${group}`, '1', { region, account: '123456789012' }),
      certificate: 'sni',
    }));
    return [`c${at}`, { names: [`c${at}.fleet-${group}.com`], issuer: 'local', targets }];
  });
  const directory = 'https://ca.example/directory';
  return stringify({
    home: { account: '123456789012', region: 'us-east-1' },
    issuers: { local: { type: 'acme', directory, termsOfServiceAgreed: true } },
    solvers: [{ type: 'route53' }],
    certificates: Object.fromEntries(certificates),
    ...(executions !== null && {
      concurrency: { issue: executions, deploy: executions, verify: executions },
    }),
  });
}
