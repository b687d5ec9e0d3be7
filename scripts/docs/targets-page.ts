import { configJsonSchema } from '#shared/config-file/json-schema.ts';
import { serverCertificatePermissions } from '#shared/deploy/import/iam/permissions.ts';
import { type KeyAlgorithm, keyAlgorithms } from '#shared/key-algorithm.ts';
import type { Permission } from '#shared/schema/plugin.ts';
import { targetSpecs } from '#shared/targets/specs.ts';
import type { TargetSpec } from '#shared/targets/target.ts';
import { yamlBlock } from './configuration-page.ts';
import { fieldsTable, type JsonSchema, optionsOf, typeOf } from './fields.ts';

const specs: Readonly<Record<string, TargetSpec>> = targetSpecs;

export function targetsPage(): string {
  const root = configJsonSchema();
  const certificates = root.properties?.certificates as JsonSchema;
  const certificate = certificates.additionalProperties as JsonSchema;
  const list = certificate.properties?.targets as JsonSchema;
  return [
    '# Targets',
    '<!-- Written by `node scripts/generate-docs.ts` from shared/targets/*/spec.ts. -->',
    'certkeep can bind a certificate to these targets. The table shows the keys that each can serve, from ACM unless it names another store.',
    keysTable(),
    ...optionsOf(list.items as JsonSchema).map(targetSection),
  ].join('\n\n');
}

function keysTable(): string {
  const header = `| target | ${keyAlgorithms.join(' | ')} |`;
  const rule = `|---|${keyAlgorithms.map(() => ':-:|').join('')}`;
  const rows = Object.values(specs).flatMap(({ type, keyAlgorithms, keyAlgorithmsFromIam }) => [
    keysRow(`\`${type}\``, keyAlgorithms),
    ...(keyAlgorithmsFromIam ? [keysRow(`\`${type}\`, \`store: iam\``, keyAlgorithmsFromIam)] : []),
  ]);
  return [header, rule, ...rows].join('\n');
}

function keysRow(target: string, served: readonly KeyAlgorithm[]): string {
  const cells = keyAlgorithms.map((key) => (served.includes(key) ? 'yes' : '–'));
  return `| ${target} | ${cells.join(' | ')} |`;
}

function targetSection(option: JsonSchema): string {
  const spec = specs[typeOf(option)];
  if (!spec) throw new Error(`no spec for the target ${typeOf(option)}`);
  return [
    `## type: ${spec.type}`,
    spec.summary,
    fieldsTable(option),
    yamlBlock([spec.example]),
    ...(spec.notes ? [spec.notes.map((note) => `- ${note}`).join('\n')] : []),
    permissionsText(spec.permissions),
    ...(spec.keyAlgorithmsFromIam ? [storeText()] : []),
  ].join('\n\n');
}

/** Those of ACM are the same for all targets, and stand in docs/security.md. */
function storeText(): string {
  const lines = serverCertificatePermissions.map(permissionLine);
  return `With \`store: iam\` deploy gets these instead of its permissions in ACM:\n\n${lines.join('\n')}`;
}

function permissionsText(permissions: readonly Permission[]): string {
  if (permissions.length === 0) return 'It needs no permissions.';
  return `Permissions it needs:\n\n${permissions.map(permissionLine).join('\n')}`;
}

function permissionLine({ actions, resources, reason }: Permission): string {
  const on = resources.map((resource) => `\`${resource}\``).join(', ');
  return `- ${actions.map((action) => `\`${action}\``).join(', ')} on ${on}. ${reason}`;
}
