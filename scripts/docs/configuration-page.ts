import { stringify } from 'yaml';
import { issuerSpecs } from '#shared/acquire/issuers/specs.ts';
import { solverSpecs } from '#shared/acquire/solvers/specs.ts';
import { configJsonSchema } from '#shared/config/json-schema.ts';
import type { PluginSpec } from '#shared/plugin.ts';
import { fieldsTable, type JsonSchema, optionsOf, typeOf } from './fields.ts';

type Specs = Readonly<Record<string, PluginSpec>>;

export function configurationPage(): string {
  const root = configJsonSchema();
  const at = (name: string) => (root.properties?.[name] ?? {}) as JsonSchema;
  const certificate = at('certificates').additionalProperties as JsonSchema;
  const issuer = at('issuers').additionalProperties as JsonSchema;
  const solver = at('solvers').items as JsonSchema;
  const selector = optionsOf(solver)[0]?.properties?.selector as JsonSchema;
  return [
    '# Configuration',
    '<!-- Written by `node scripts/generate-docs.ts`. Change the schema in shared/config/schema.ts and the specs instead. -->',
    intro,
    fieldsTable(root),
    section('home', at('home')),
    fieldsTable(at('home')),
    section('alerts', at('alerts')),
    fieldsTable(at('alerts')),
    section('issuers', at('issuers')),
    plugins(issuer, issuerSpecs),
    section('solvers', at('solvers')),
    selection,
    plugins(solver, solverSpecs),
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

Ids (of issuers and certificates) are 1 to 63 lower-case letters, digits and hyphens, the first not a hyphen.`;

const selection = `Which solver proves a name follows cert-manager's rules: a selector matches if its names and its zones,
where given, both match. An exact name beats a zone, a longer zone beats a shorter one, and the earlier in the
list wins a tie. A solver without selector is the default. A name that no solver covers is a mistake.`;

const names = `### Names

Names are brought to one form: lower case, no dot at the end, and names in other scripts as their A-labels
(\`münchen.de\` becomes \`xn--mnchen-3ya.de\`). A name that is there twice afterwards counts once.

Refused, since no CA would issue it through DNS: IP addresses, underscores, single labels and internal names,
wildcards anywhere but in front or on a public suffix, labels over 63 and names over 237 characters, and a name
beside the wildcard that covers it (\`www.example.com\` with \`*.example.com\`; the apex is not covered).`;

const targets = `### Targets

[targets.md](targets.md) describes them. A target may be in another region and in another account of the same partition,
where a role of certkeep has to be deployed. Two certificates cannot both be the default of one listener, and the key
must be one that the target can serve.`;

const retired = `A solver or a place that leaves the configuration takes its rights with it, and what certkeep left there
would stay. Named here it keeps the rights to clean up, and no others. Remove it once the ledger shows
nothing open: no \`txt\` of the solver and no \`imports\` of the place in any record.

In a retired place certificates of certkeep are deleted once nothing uses them, and the parameter of each goes before it.
Listeners are never touched: take the certificate off them yourself. What is still in use there is not renewed any more.`;

function section(name: string, schema: JsonSchema): string {
  return `## ${name}\n\n${schema.description ?? ''}`;
}

function plugins(schema: JsonSchema, specs: Specs): string {
  return optionsOf(schema)
    .map((option) => {
      const spec = specs[typeOf(option)];
      const example = spec ? yamlBlock(spec.example) : '';
      return `### type: ${typeOf(option)}\n\n${option.description}\n\n${fieldsTable(option)}\n\n${example}`;
    })
    .join('\n\n');
}

export function yamlBlock(value: unknown): string {
  return `\`\`\`yaml\n${stringify(value, { lineWidth: 0 })}\`\`\``;
}
