import { solverSpecs } from '#shared/solvers/specs.ts';
import type { Advice } from './advice.ts';

const byCname =
  'Let _acme-challenge of each name be a CNAME into a zone of Route 53 or Cloudflare, and write that solver with "cnameStrategy: follow".';

/** DNS services that lego, acme.sh and cert-manager know. */
const foreign =
  /^(?:acme-?dns|rfc-?2136|nsupdate|azure-?dns|azure|google|cloud-?dns|gcloud|clouddns|godaddy|ovh|digital-?ocean|hetzner|namecheap|gandi|linode|vultr|akamai|ns1|dnsimple|duckdns|ionos|inwx|porkbun|powerdns|pdns|webhook|manual|exec)$/i;
const overHttp = /^(?:http|http-?01|alb)$/i;
const overTls = /^tls-?alpn(?:-?01)?$/i;
const overDns = /^(?:dns|dns-?01|aws)$/i;

export const solverTypeAdvice: Advice = (value) => {
  if (overHttp.test(value)) {
    return { fix: 'Write "type: alb-http01" and the HTTP listener of a load balancer.' };
  }
  if (overTls.test(value)) {
    return {
      message: 'is a challenge that certkeep does not answer',
      fix: 'Prove names through DNS (route53, cloudflare, …) or over HTTP (alb-http01).',
    };
  }
  const types = Object.keys(solverSpecs).join(', ');
  if (overDns.test(value)) return { fix: `Write where the zones are: ${types}.` };
  return foreign.test(value)
    ? { message: `is not supported: certkeep knows ${types}`, fix: byCname }
    : null;
};

export const hostedZoneAdvice: Advice = (value) => {
  const [, id] = /^\/?hostedzone\/(Z[A-Z0-9]+)$/.exec(value) ?? [];
  if (id) return { fix: `Leave out "/hostedzone/": "hostedZoneId: ${id}".` };
  if (/^[a-z0-9-]+(?:\.[a-z0-9-]+)+\.?$/i.test(value)) {
    return {
      message: 'is the name of a zone, not its id',
      fix: `Write its id: aws route53 list-hosted-zones-by-name --dns-name ${value} --max-items 1 --query "HostedZones[].Id".`,
    };
  }
  return {
    fix: 'Write the id as Route 53 shows it, such as "hostedZoneId: Z0123456789ABCDEFGHIJ".',
  };
};

export const roleAdvice: Advice = (value) => {
  const [, partition, account, role] =
    /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/]+)/.exec(value) ?? [];
  if (role) {
    return {
      message: 'is a session of a role, not the role',
      fix: `Write the ARN of the role itself: arn:${partition}:iam::${account}:role/${role}, with its path where it has one.`,
    };
  }
  if (/:iam::\d{12}:user\//.test(value)) {
    return { message: 'is a user: certkeep acts in roles', fix: roleForm };
  }
  return {
    fix: /^[\w+=,.@-]+$/.test(value)
      ? `${roleForm} Its name alone does not say the account.`
      : roleForm,
  };
};

const roleForm = 'Write the ARN of a role, such as "roleArn: arn:aws:iam::123456789012:role/dns".';
