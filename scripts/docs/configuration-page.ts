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
    section('concurrency', at('concurrency')),
    fieldsTable(at('concurrency')),
    concurrency,
    section('issuers', at('issuers')),
    plugins(issuer, issuerSpecs),
    section('solvers', at('solvers')),
    selection,
    plugins(solver, solverSpecs, secretOf),
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

const intro = `One YAML file holds everything. It is checked as a whole: every mistake is reported at once, with its
line and what to do about it, and a key that is not known is a mistake. \`certkeep.example.yaml\` is a file to
start from, and \`docs/certkeep.schema.json\` lets editors complete and check it while you write.

What is no mistake, but does not do what is probably meant, is a warning: nobody to tell, a solver that is never used, days that do not
fit the life of the certificates, two issuers of one CA, a region that certkeep does not know. \`npm run synth\`, \`npx cdk diff\` and
\`npm start\` print warnings in the order of the file, each with its line, and go on. Nothing that may be a secret is shown: a token in the
place of the name of its secret is refused, since it would come into templates and policies.

Ids (of issuers and certificates) are 1 to 63 lower-case letters, digits and hyphens, the first not a hyphen.`;

const concurrency = `A new AWS account may run ${accountExecutions} executions of Lambda functions at once, everybody's functions together, and the queues leave
${accountExecutions - mappedExecutions} of them to check, alert, sync, urgent work and the answers to challenges. AWS raises the quota as an account is used; asking for it costs
nothing. What an account may run:

    aws service-quotas get-service-quota --service-code lambda --quota-code L-B99A9384 --query Quota.Value

Where that is 1,000, as in most accounts that are in use, a large fleet is issued and proven sooner with

\`\`\`yaml
concurrency: { issue: 20, deploy: 10, verify: 20 }
\`\`\`

Synthesis warns if the three together take more than ${mappedExecutions}. The quota must then be at least ${accountExecutions - mappedExecutions} above their sum; nothing is reserved, so what other
functions of the account need comes on top.`;

const selection = `Which solver proves a name follows cert-manager's rules: a selector matches if its names and its zones,
where given, both match. An exact name beats a zone, a longer zone beats a shorter one, and the earlier in the
list wins a tie. A solver without selector is the default. A name that no solver covers is a mistake.`;

const secrets = `Credentials never stand in the file. They are kept in AWS Secrets Manager, one JSON object a secret, and named there by
name (of the account and region where certkeep runs) or by ARN:

    aws secretsmanager create-secret --name dns/cloudflare --secret-string '{"apiToken":"…"}'

The issue function gets the right to read exactly these secrets. It reads a secret once in five minutes, and again at once when the
DNS service refuses what it had. What is wrong with a secret is told by the names of its fields; the value is never shown.
Where a secret has a KMS key of yours, the key's policy must let the role of the issue function decrypt through Secrets Manager.`;

const role = `With \`roleArn\`, zones of another account are written to in that role. Its trust policy names the role of the issue function,
with a condition on \`sts:ExternalId\` where \`externalId\` is given. certkeep's own role gets the right to assume it, and none in Route 53.
The role must allow this (with \`cnameStrategy: follow\` without the condition on names, since values go where CNAMEs lead):`;

const overHttp = `With \`alb-http01\` a name is proven where it is served, without any right in DNS. The name must lead to the load balancer, and
its HTTP listener must be reached on port 80 from everywhere; its default action may send everybody to HTTPS. For each name certkeep makes a
rule (host and \`/.well-known/acme-challenge/<token>\`, a fixed response) at a free priority above all that could take the request, asks every
address of the load balancer itself until it has been answered right three times in a row, lets the CA ask, and removes the rule. Rules of
others are never touched. What an interrupted run has left is found by its tags and removed by the next one.

Wildcards are proven through DNS alone: a solver that answers over HTTP is passed over for them. Network and Classic Load Balancers have no
rules for paths, and are refused. Each name takes a rule of the load balancer (100 unless raised) while it is proven, and Elastic
Load Balancing takes 3 changes a second. For many names at a listener of certkeep's own account and region there is \`rule: permanent\`: the home
stack puts one rule there (\`/.well-known/acme-challenge/*\`, at \`priority\`) that leads to a function, which answers with what the issue function has
put into the bucket for the time that a CA looks. Whatever else answers such paths behind that listener is no longer asked.

Temporary rules are made in a role of their own, \`<installation>-<home region>-http01\`, which only the issue function may assume: it makes rules at
exactly these listeners and removes those that carry its tag. It comes with the home stack, and for a listener of another account with the stack
\`Place-<account>\`.`;

const names = `### Names

Names are brought to one form: lower case, no dot at the end, and names in other scripts as their A-labels
(\`münchen.de\` becomes \`xn--mnchen-3ya.de\`). A name that is there twice afterwards counts once.

Refused are IP addresses, wildcards anywhere but in front, labels over 63 and names over 237 characters, and a name
beside the wildcard that covers it (\`www.example.com\` with \`*.example.com\`; the apex is not covered). For an issuer that is known to be a
public CA also what no public CA issues: underscores, single labels, internal names (\`app.corp.internal\`) and wildcards on a public suffix.

Other issuers, such as Vault or step-ca, are asked for internal names too. How they are proven is the same: certkeep writes to public hosted zones, never
to private ones, and before an order it looks whether public DNS leads there. A name below a domain of yours in public DNS
works, whatever network its address is in. Of a name that public DNS does not know, a CA that is
not known as a public one is asked all the same, with a warning in the log: it may see what certkeep does not.

### When it is renewed

By default the CA says when (RFC 9773), or a third of the life is left (half of lives under ten days). \`renewBefore: 762h\` or \`30d\`, or
\`renewBeforeDays: 30\`, says otherwise, and has to be less than half of the life: a warning says so where the life is known. \`maintenance:\` says when
renewals may start: weekly windows that allow or forbid, dates on which none starts, or both.

\`\`\`yaml
maintenance:
  timeZone: Europe/Berlin
  allow: ["Mon-Thu 09:00-16:00"]
  freeze: [2026-12-15..2027-01-05] # both days included
\`\`\`

What has a tenth of its life left, is revoked, missing, changed or forced waits for neither.`;

const targets = `### Targets

[targets.md](targets.md) describes them. A target may be in another region and in another account of the same partition,
where a role of certkeep has to be deployed. Two certificates cannot both be the default of one listener, and the key
must be one that the target can serve.

Several certificates on one listener: a match in its SNI list beats the default, and of several matches the kind of key decides.
So a wildcard is best the default, and special names beside it are listed; an RSA and an ECDSA certificate for one name are both listed.

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

Where one would answer for a name of another, or AWS does not say which of them does, \`npm run synth\` and \`npm start\` print a warning with both, and go on.
They also warn of more certificates in the lists of a load balancer than its usual 25, and of more targets in an account and region than can be
looked at within an hour; and of certificates whose temporary rules do not fit on a load balancer, or whose order takes hours since
\`concurrency.issue\` is high.`;

const retired = `A solver or a place that leaves the configuration takes its rights with it, and what certkeep left there
would stay. Named here it keeps the rights to clean up, and no others. Remove it once the ledger shows
nothing open: no \`txt\` of the solver and no \`imports\` of the place in any record.

In a retired place certificates of certkeep are deleted once nothing uses them, and the parameter of each goes before it.
Listeners are never touched: take the certificate off them yourself. What is still in use there is not renewed any more.`;

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
