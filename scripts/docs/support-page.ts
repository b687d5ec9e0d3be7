import { channelSpecs } from '#shared/channels/specs.ts';
import { issuerSpecs } from '#shared/issuers/specs.ts';
import { keyStoreSpecs } from '#shared/keystores/specs.ts';
import type { PluginSpec } from '#shared/schema/plugin.ts';
import { solverSpecs } from '#shared/solvers/specs.ts';
import { targetSpecs } from '#shared/targets/specs.ts';

const kinds: Readonly<Record<string, Readonly<Record<string, PluginSpec>>>> = {
  Targets: targetSpecs,
  Solvers: solverSpecs,
  Issuers: issuerSpecs,
  'Key stores': keyStoreSpecs,
  Channels: channelSpecs,
};

export function supportPage(): string {
  return [
    '# What is supported, and how it is proven',
    '<!-- Written by `node scripts/generate-docs.ts` from the specs of the plugins. -->',
    'Every plugin passes the contract of its kind against a server on this machine that certkeep’s authors have written, by the documentation of the service. What it is held to besides:',
    [
      '- **real counterpart**: the service itself, or a program that stands for it everywhere;',
      '- **other emulators**: emulators that others have written, over the same SDK;',
      '- **documentation only**: nothing else yet.',
    ].join('\n'),
    'No plugin has run against a real AWS account yet. [The first account](first-account.md) says what to look at there.',
    ...Object.entries(kinds).map(([title, specs]) => kindSection(title, Object.values(specs))),
  ].join('\n\n');
}

function kindSection(title: string, specs: readonly PluginSpec[]): string {
  const rows = specs.map(
    ({ type, tested }) => `| \`${type}\` | ${tested.against} | ${tested.how} |`,
  );
  return `## ${title}\n\n${['| type | held to | how |', '|---|---|---|', ...rows].join('\n')}`;
}
