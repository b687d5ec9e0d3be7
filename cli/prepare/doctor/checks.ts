import type { Check } from './check.ts';
import { account } from './checks/account.ts';
import { acmQuota } from './checks/acm-quota.ts';
import { alarms } from './checks/alarms.ts';
import { audience } from './checks/audience.ts';
import { bootstrap } from './checks/bootstrap.ts';
import { caa } from './checks/caa.ts';
import { cnames } from './checks/cnames.ts';
import { executions } from './checks/executions.ts';
import { http01 } from './checks/http01.ts';
import { iamQuota } from './checks/iam-quota.ts';
import { issuers } from './checks/issuers.ts';
import { listRoom } from './checks/list-room.ts';
import { listeners } from './checks/listeners.ts';
import { probes } from './checks/probes.ts';
import { secrets } from './checks/secrets.ts';
import { zones } from './checks/zones.ts';

/** In the order of the page: what everything else needs first. */
export const checks: readonly Check[] = [
  account,
  bootstrap,
  issuers,
  secrets,
  zones,
  cnames,
  caa,
  http01,
  listeners,
  listRoom,
  probes,
  acmQuota,
  iamQuota,
  executions,
  audience,
  alarms,
];
