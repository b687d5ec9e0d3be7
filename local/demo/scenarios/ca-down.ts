import { hourMs, secondMs } from '#shared/time/clock.ts';
import { renew } from './renew.ts';
import type { Scenario } from './scenario.ts';

const due = ['shop', 'blog', 'app'];

export const caDown: Scenario = {
  breaks: 'the CA is down, and the renewals of shop, blog and app are due',
  hurried: 'certkeep waits 2 and 4 seconds after the first failures, not 1 and 10 minutes',
  reason: 'IssuerUnreachable',
  options: { timings: { retryDelaysMs: [2 * secondMs, 4 * secondMs, hourMs] } },
  certificates: () => due,
  async breakIt(setting) {
    setting.cloud.faults.add({
      when: ({ service }) => service === 'acme',
      fault: { do: 'refuse', code: 'ServiceUnavailable', status: 503 },
      times: Number.POSITIVE_INFINITY,
    });
    await renew(setting, due);
  },
  async afterMessage({ cloud }) {
    cloud.faults.clear();
    return 'The CA answers again. By itself, certkeep would try in an hour.';
  },
};
