import { solverSpecs } from '#shared/solvers/specs.ts';
import type { Advice } from './advice.ts';

/** Delegates the challenge to a service that is known here; the zone of the names stays where it is. */
function byCname(start: string): string {
  return [
    `${start} a zone of Route 53 (at Cloudflare, alidns or DNSPod it works alike), once for each name, and write`,
    '"solvers: [{type: route53, hostedZoneId: Z…, cnameStrategy: follow}]" with the id of that zone.',
    'Names that lead to an Application Load Balancer, without wildcards, need no DNS: "type: alb-http01".',
  ].join(' ');
}

const oneCname = 'Let _acme-challenge of each name be a CNAME into';

/** DNS services and protocols that lego, acme.sh and cert-manager know, by what people write as their type. */
const foreign: readonly (readonly [form: RegExp, title: string, start?: string])[] = [
  [
    /^acme-?dns$/i,
    'acme-dns',
    'Your _acme-challenge names are CNAMEs to acme-dns already: let them lead into',
  ],
  [/^(?:rfc-?2136|nsupdate|tsig|bind|knot)$/i, 'RFC 2136 (dynamic updates)'],
  [/^(?:azure|azure-?dns)$/i, 'Azure DNS'],
  [/^(?:google|gcp|gcloud|google-?cloud-?dns|cloud-?dns)$/i, 'Google Cloud DNS'],
  [/^(?:godaddy|gd)$/i, 'GoDaddy'],
  [/^ovh(?:cloud)?$/i, 'OVH'],
  [/^(?:digital-?ocean|do)$/i, 'DigitalOcean'],
  [/^(?:webhook|manual|exec|script|hook)$/i, 'a solver of your own'],
  [
    /^(?:hetzner|namecheap|gandi|linode|vultr|akamai|edgedns|ns1|dnsimple|duckdns|ionos|inwx|porkbun|powerdns|pdns|infoblox|name-?com|namesilo|dyn|easydns|desec|bunny|netcup|transip|scaleway|oracle|ibm|aliyun-?esa|huawei-?cloud|volcengine|lightsail)$/i,
    '',
  ],
];
const overHttp = /^(?:http|http-?01|alb)$/i;
const overTls = /^tls-?alpn(?:-?01)?$/i;
const overDns = /^dns(?:-?01)?$/i;

/** Known solvers, by the names that they have in acme.sh, lego and certbot. */
const meant: readonly (readonly [form: RegExp, type: keyof typeof solverSpecs])[] = [
  [/^(?:aws|route-?53|awsdns)$/i, 'route53'],
  [/^(?:cf|cloudflare)$/i, 'cloudflare'],
  [/^(?:ali|aliyun|alidns|alicloud)$/i, 'alidns'],
  [/^(?:dp|dpi|dnspod|tencent-?cloud)$/i, 'dnspod'],
];

export const solverTypeAdvice: Advice = (written) => {
  // acme.sh writes dns_gd, and certbot dns-google.
  const value = written.replace(/^dns[_-](?!0?1$)/i, '');
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
  const [, type] = meant.find(([form]) => form.test(value)) ?? [];
  if (type) return { fix: `Write "type: ${type}".` };
  const [, title, start = oneCname] = foreign.find(([form]) => form.test(value)) ?? [];
  if (title === undefined) return null;
  const named = title === '' ? '' : ` (${title})`;
  return {
    message: `is not supported${named}: certkeep knows ${types}`,
    fix: byCname(start),
  };
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
