import type { WishName } from '#shared/check/entrance.ts';
import type { RevocationCode } from '#shared/revocation-codes.ts';
import type { ReachOptions } from '../../reach/options.ts';

/** A request of a person to check, and its installation. */
export type Wanted = {
  readonly wish: WishName;
  readonly certificates: readonly string[];
  readonly reason: string;
  /** ISO 8601. */
  readonly until?: string | undefined;
  /** The id or the serial of a version. */
  readonly version?: string | undefined;
  /** The ARN of a resource with the tag of the certificate. */
  readonly resource?: string | undefined;
  /** The reason code of a revocation (RFC 5280 §5.3.1). */
  readonly code?: RevocationCode | undefined;
};

/** The commands whose names are not those of the aliases. */
const commands: Readonly<Partial<Record<WishName, string>>> = {
  force: 'renew',
  override: 'renew --override',
  rehearse: 'renew --dry-run',
  withdraw: 'approve',
};

/** Returns the command that asks for it, to be pasted into a shell. */
export function ownCommand(
  { certificates, code, reason, resource, until, version, wish }: Wanted,
  options: ReachOptions,
  ...more: readonly string[]
): string {
  return [
    'npx certkeep',
    commands[wish] ?? wish,
    ...(resource === undefined
      ? certificates.map(quoted)
      : [quoted(resource), ...certificates.flatMap((id) => ['--certificate', quoted(id)])]),
    ...(wish === 'withdraw' ? ['--withdraw'] : []),
    ...(code === undefined ? [] : ['--code', code]),
    ...(version === undefined ? [] : ['--version', quoted(version)]),
    ...(until === undefined ? [] : ['--until', quoted(until)]),
    '--reason',
    quoted(reason),
    ...reachWords(options),
    ...more,
  ].join(' ');
}

/** Returns the command that shows something of one certificate in the same place. */
export function lookCommand(command: 'show' | 'history', id: string, options: ReachOptions) {
  return ['npx certkeep', command, quoted(id), ...reachWords(options)].join(' ');
}

/** Returns the command that looks at what a renewal needs. */
export function doctorCommand({ config, local }: ReachOptions): string {
  const file = config === undefined ? [] : ['--config', quoted(config)];
  return ['npx certkeep doctor', ...file, ...(local ? ['--local'] : [])].join(' ');
}

export function reachWords(options: ReachOptions): readonly string[] {
  const named = ['installation', 'region', 'account', 'config'] as const;
  const given = named.flatMap((name) => {
    const value = options[name];
    return value === undefined ? [] : [`--${name}`, quoted(value)];
  });
  return options.local ? [...given, '--local'] : given;
}

/** As a shell takes it for one word. */
export function quoted(text: string): string {
  return /^[\w:/.@=+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
