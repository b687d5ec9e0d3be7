import { stringify } from 'yaml';
import { configJsonSchema } from '#shared/config-file/json-schema.ts';
import { issuerSpecs } from '#shared/issuers/specs.ts';
import { accountExecutions, mappedExecutions } from '#shared/limits.ts';
import type { Permission, PluginSpec } from '#shared/schema/plugin.ts';
import type { SolverSpec } from '#shared/solvers/solver-spec.ts';
import { solverSpecs } from '#shared/solvers/specs.ts';
import { fieldsTable, type JsonSchema, optionsOf, typeOf } from './fields.ts';

export function configurationPage(): string {
  const root = configJsonSchema();
  const at = (name: string) => (root.properties?.[name] ?? {}) as JsonSchema;
  const certificate = at('certificates').additionalProperties as JsonSchema;
  const issuer = at('issuers').additionalProperties as JsonSchema;
  const solver = at('solvers').items as JsonSchema;
  const selector = optionsOf(solver)[0]?.properties?.selector as JsonSchema;
  return [
    '# Configuration',
    '<!-- Written by `node scripts/generate-docs.ts`. Change the schema in shared/config-file/schema.ts and the specs instead. -->',
    intro,
    fieldsTable(root),
    section('home', at('home')),
    fieldsTable(at('home')),
    section('alerts', at('alerts')),
    fieldsTable(at('alerts')),
    '### Who hears of what',
    addresses,
    fieldsTable(addressBlock(at('alerts'))),
    audience,
    section('concurrency', at('concurrency')),
    fieldsTable(at('concurrency')),
    concurrency,
    section('issuers', at('issuers')),
    plugins(issuer, issuerSpecs),
    section('solvers', at('solvers')),
    selection,
    plugins(solver, solverSpecs, secretOf),
    '### Other DNS services',
    otherServices,
    '### Secrets of DNS services',
    secrets,
    '### A role in another account',
    rolePolicies(),
    '### Over HTTP',
    overHttp,
    '### selector',
    selector.description ?? '',
    fieldsTable(selector),
    section('certificates', at('certificates')),
    fieldsTable(certificate),
    names,
    targets,
    section('retired', at('retired')),
    fieldsTable(at('retired')),
    retired,
  ].join('\n\n');
}

const intro = `One YAML file holds everything. certkeep checks the whole file and reports every mistake at once, with its
line and the fix. An unknown key is a mistake. \`npx certkeep init\` writes one for the certificates that are in use, \`certkeep.example.yaml\` is another to
start from, and \`docs/certkeep.schema.json\` lets editors complete and check it while you write.

A warning is about a valid setting that probably does not do what you mean: nobody gets messages, no address hears of an owner, a solver is never used, days do not
fit the life of the certificates, two issuers are of one CA, certkeep does not know a region. \`npx certkeep validate\`, \`npm run synth\`, \`npx cdk diff\` and
\`npm start\` print warnings in the order of the file, each with its line, and go on. They show nothing that may be a secret. certkeep refuses a token in the
place of the name of its secret, because it would come into templates and policies.

Ids (of issuers and certificates) are 1 to 63 lower-case letters, digits and hyphens, the first not a hyphen.`;

const addresses = `An entry of \`alerts.email\` is an address, which gets every message, or a block with an address that gets some of them:

\`\`\`yaml
alerts:
  email:
    - ops@corp.net # everything
    - { address: shop@corp.net, owners: [team-shop] }
    - { address: pager@corp.net, severities: [critical] }
certificates:
  shop:
    owner: team-shop
\`\`\``;

const audience = `- Whoever hears of trouble hears of all that becomes of it: of changes, once a day while it lasts, and of its end. That is so although it was critical
  only for an hour, the certificate was well before a cause that it shared with others was over, or it has got another owner since.
- What certificates of several owners share, such as a CA that is down, is one message, which reaches all of them. It names certificates of the others, too. So does a
  summary, which takes the place of more than eight messages at once.
- Trouble of certkeep itself, certificates without an owner, the first message and the weekly digest reach every address without \`owners\`. A certificate
  that has left the file keeps its last owner as long as there is trouble with it.
- A topic of yours (\`snsTopic\`) gets every message, and its subscriptions may choose in the same way. Alarms do not go there ([more](operate.md#a-topic-of-your-own)).
- Alarms reach every address, whatever it chooses: they ring when certkeep itself cannot speak.
- A warning says so if there is an owner or a severity (\`critical\`, \`warning\`) of which no address hears, and if an address names an owner that no certificate has.

The choice of an address is the filter policy of its subscription; AWS takes up to 15 minutes to follow a change, and nobody has to confirm again. SNS takes 150 combinations
of owners and severities for an address, and 200 addresses that choose. What you subscribe to the topic yourself may choose in the same way: every message
has the attributes \`severity\` and, where there are owners, \`owner\` (both \`String.Array\`), \`type\` (a condition such as \`Renewable\`, or \`well-again\`, \`summary\`, \`digest\`), and
\`certificate\` where it concerns a single one.`;

const concurrency = `A new AWS account may run ${accountExecutions} executions of Lambda functions at once, all functions together, and the queues leave
${accountExecutions - mappedExecutions} of them to check, alert, sync, urgent work and the answers to challenges. AWS raises the quota as an account is used; a request costs
nothing. This shows the quota of your account:

    aws service-quotas get-service-quota --service-code lambda --quota-code L-B99A9384 --query Quota.Value

If that is 1,000, as in most accounts that are in use, certkeep issues and proves a large fleet sooner with this. Higher numbers have the same effect, but for deploy and verify in several accounts or regions:

\`\`\`yaml
concurrency: { issue: 8, deploy: 6, verify: 6 }
\`\`\`

Synthesis warns if the three together take more than ${mappedExecutions}. The quota must then be at least ${accountExecutions - mappedExecutions} above their sum. certkeep reserves nothing, so add what other
functions of the account need.`;

const selection = `certkeep chooses the solver of a name by cert-manager's rules: a selector matches if its names and its zones,
where given, both match. An exact name beats a zone, a longer zone beats a shorter one, and the earlier solver in the
list wins a tie. A solver without selector is the default. A name that no solver covers is a mistake.`;

const otherServices = `Names whose zone is at Azure, Google Cloud, GoDaddy, OVH or any other service, or behind acme-dns or RFC 2136, are proven in a zone that
certkeep can write to. Make \`_acme-challenge\` of each name a CNAME into it, once; the zone of the names stays where it is, and certkeep needs no right there:

    _acme-challenge.www.example.com.  CNAME  www-example-com.acme.example.net.

\`\`\`yaml
solvers:
  - { type: route53, hostedZoneId: Z0123456789ABCDEFGHIJ, cnameStrategy: follow } # the zone acme.example.net
\`\`\`

A zone for nothing else is best: whoever can write to it can get certificates for these names. With acme-dns such CNAMEs exist already, and only lead elsewhere now. Names that
lead to an Application Load Balancer, without wildcards, need no DNS at all (\`alb-http01\`).`;

const secrets = `Never write credentials into the file. Keep them in AWS Secrets Manager, one JSON object per secret, and write the secret's
name (in the account and region where certkeep runs) or its ARN into the file:

    aws secretsmanager create-secret --name dns/cloudflare --secret-string '{"apiToken":"…"}'

The issue function gets the right to read exactly these secrets. It reads a secret once in five minutes, and again at once when the
DNS service refuses the credentials. Messages about a secret name its fields and never show a value.
If a secret has a KMS key of yours, the key's policy must let the role of the issue function decrypt through Secrets Manager.`;

const role = `With \`roleArn\`, certkeep writes to zones of another account in that role. Its trust policy must name the role of the issue function,
with a condition on \`sts:ExternalId\` if you set \`externalId\`. certkeep's own role gets the right to assume it, and none in Route 53.
The role must allow this (with \`cnameStrategy: follow\`, leave out the condition on names, because values go where CNAMEs lead):`;

const overHttp = `\`alb-http01\` proves a name at the load balancer that serves it, without any right in DNS. The name must lead to the load balancer, and
everybody must be able to reach its HTTP listener on port 80; its default action may redirect everybody to HTTPS. For each name certkeep makes a
rule (host and \`/.well-known/acme-challenge/<token>\`, a fixed response) at a free priority above all rules that could take the request. It asks every
address of the load balancer itself until it gets three correct answers in a row, lets the CA ask, and removes the rule. It never touches rules of
others. If a run was interrupted, the next one finds its rules by their tags and removes them.

CAs accept wildcards only through DNS, so certkeep skips a solver that answers over HTTP for them. Network and Classic Load Balancers have no
rules for paths, and certkeep refuses them. Each name takes a rule of the load balancer (100 unless raised) while it is validated, and Elastic
Load Balancing allows 3 changes a second. For many names at a listener of certkeep's own account and region, use \`rule: permanent\`: the home
stack puts one rule there (\`/.well-known/acme-challenge/*\`, at \`priority\`) that leads to a function. While a CA validates, the function answers with what the issue function has
put into the bucket. Anything else behind that listener no longer gets requests for such paths.

certkeep makes temporary rules in a separate role, \`<installation>-<home region>-http01\`, which only the issue function may assume. The role makes rules at
exactly these listeners and removes those that carry its tag. It belongs to the home stack, and for a listener of another account to the stack
\`Place-<account>\`.`;

const names = `### Names

certkeep normalizes names: lower case, no dot at the end, and names in other scripts as their A-labels
(\`münchen.de\` becomes \`xn--mnchen-3ya.de\`). A name that appears twice afterwards counts once.

certkeep refuses IP addresses, wildcards anywhere but in front, labels over 63 and names over 237 characters, and a name
beside the wildcard that covers it (\`www.example.com\` with \`*.example.com\`; the apex is not covered). For an issuer that it knows as a
public CA, it also refuses what no public CA issues: underscores, single labels, internal names (\`app.corp.internal\`) and wildcards on a public suffix.

Other issuers, such as Vault or step-ca, may issue for internal names too. certkeep proves them in the same way: it writes to public hosted zones, never
to private ones, and before an order it checks whether public DNS leads there. A name below a domain of yours in public DNS
works, whatever network its address is in. If public DNS does not know a name, certkeep asks a CA that it does
not know as a public one all the same, with a warning in the log: that CA may see what certkeep does not.

### When it is renewed

By default certkeep renews when the CA says so (RFC 9773), or when a third of the life is left (half of lives under ten days). \`renewBefore: 762h\` or \`30d\`, or
\`renewBeforeDays: 30\` (\`31.75\` for 762 hours), changes that. It must be less than half of the life; if the life is known, a warning says so. \`maintenance:\` says when
renewals may start: weekly windows that allow or forbid, dates on which none starts, or both.

\`\`\`yaml
maintenance:
  timeZone: Europe/Berlin
  allow: ["Mon-Thu 09:00-16:00"]
  freeze: [2026-12-15..2027-01-05] # both days included
\`\`\`

A certificate that has a tenth of its life left, or is revoked, missing, changed or forced, waits for neither.`;

const targets = `### Targets

[targets.md](targets.md) describes them. A target may be in another region and in another account of the same partition;
for another account, you deploy a role of certkeep there. Two certificates cannot both be the default of one listener, and the key
must be one that the target can serve.

Several certificates on one listener: a match in its SNI list beats the default, and between several matches the kind of key decides.
So make a wildcard the default, and put special names into the list; put an RSA and an ECDSA certificate for one name both into the list. One entry with \`key: [ecdsa-p256, rsa-2048]\` does that for you, and keeps the default where you have one.

\`\`\`yaml
certificates:
  everything: # for all names that nothing in the list has
    names: ["*.example.com"]
    issuer: letsencrypt
    targets: [{ type: alb, listener: &web "arn:aws:elasticloadbalancing:…" }]
  pay: # its own key; for clients with ECDSA
    names: [pay.example.com]
    issuer: letsencrypt
    targets: [{ type: alb, listener: *web, certificate: sni }]
  pay-rsa: # the same name for clients without
    names: [pay.example.com]
    issuer: letsencrypt
    key: rsa-2048
    targets: [{ type: alb, listener: *web, certificate: sni }]
\`\`\`

If one certificate would answer for a name of another, or AWS does not say which of them does, \`npm run synth\` and \`npm start\` print a warning with both, and go on.
They also warn if the lists of a load balancer get more certificates than its usual 25, and if an account and region has more targets than certkeep can
look at within an hour. They warn of certificates whose temporary rules do not fit on a load balancer.`;

const retired = `When a solver or a place leaves the configuration, certkeep loses its rights there, and what it left there
would stay. If you name it here, certkeep keeps the rights to clean up, and no others. Remove it once the ledger shows
nothing open: no \`txt\` of the solver and no \`imports\` of the place in any record.

In a retired place certkeep deletes its certificates once nothing uses them, and the parameter of each before it.
It never touches listeners: take the certificate off them yourself. It no longer renews what is still in use there.`;

function addressBlock(alerts: JsonSchema): JsonSchema {
  const entry = (alerts.properties?.email as JsonSchema | undefined)?.items as JsonSchema;
  const options = (entry.anyOf ?? []) as readonly JsonSchema[];
  return options.find(({ type }) => type === 'object') ?? {};
}

function section(name: string, schema: JsonSchema): string {
  return `## ${name}\n\n${schema.description ?? ''}`;
}

function plugins<Spec extends PluginSpec>(
  schema: JsonSchema,
  specs: Readonly<Record<string, Spec>>,
  more: (spec: Spec) => readonly string[] = () => [],
): string {
  return optionsOf(schema)
    .map((option) => {
      const spec = specs[typeOf(option)];
      const parts = [
        `### type: ${typeOf(option)}`,
        option.description ?? '',
        fieldsTable(option),
        ...(spec ? [yamlBlock(spec.example), ...more(spec)] : ['']),
      ];
      return parts.join('\n\n').trimEnd();
    })
    .join('\n\n');
}

/** Describes the content of a solver's secret, as JSON and in words. */
function secretOf({ credentials }: SolverSpec): readonly string[] {
  if (!credentials) return [];
  const shape = Object.fromEntries(Object.keys(credentials).map((field) => [field, '…']));
  const words = Object.entries(credentials).map(([field, what]) => `- \`${field}\`: ${what}`);
  return ['Its secret holds:', `\`\`\`json\n${JSON.stringify(shape)}\n\`\`\``, words.join('\n')];
}

/** The policy for a role in another account, derived from the permissions of certkeep's own role at home. */
function rolePolicies(): string {
  const statements = solverSpecs.route53.permissions
    .filter(({ sid }) => sid !== 'ActInDnsAccount' && sid !== 'WriteDelegatedValues')
    .map((permission: Permission) => ({
      Sid: permission.sid,
      Effect: 'Allow',
      Action: permission.actions,
      Resource: permission.resources.map((resource) =>
        resource.replace('{partition}', 'aws').replace('{zone}', 'Z0123456789ABCDEFGHIJ'),
      ),
      ...(permission.conditions && { Condition: permission.conditions }),
    }));
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 2);
  return `${role}\n\n\`\`\`json\n${policy}\n\`\`\``;
}

export function yamlBlock(value: unknown): string {
  return `\`\`\`yaml\n${stringify(value, { lineWidth: 0 })}\`\`\``;
}
