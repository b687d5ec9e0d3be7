import { idPattern } from '#shared/config-file/checks/certificates/ids.ts';
import { systemClock } from '#shared/time/clock.ts';
import { readCertificate } from '#shared/x509/certificate.ts';
import { CommandFailed, failureText } from '../../failure.ts';
import type { ReachOptions } from '../../reach/options.ts';
import { reach } from '../../reach/reach.ts';
import type { Terminal } from '../../terminal.ts';
import { stamp } from '../../text/times.ts';
import { exportDirectory, fileFailure } from './directory.ts';
import { type ExportFile, pemFiles, pfxFiles } from './files.ts';
import { problemsOf } from './pair.ts';
import { passwordFrom } from './password.ts';
import { readPair } from './read-pair.ts';
import { isReloadDue, noteReload, reload } from './reload.ts';
import { changedFiles, removeLeftOver, writeFiles } from './write-files.ts';

export type ExportOptions = ReachOptions & {
  readonly id: string;
  readonly out: string;
  readonly format: 'pem' | 'pfx';
  readonly for: readonly string[];
  readonly passwordFile?: string;
  readonly reload?: string;
};

/** Writes the certificate in service and its key into files, where they differ, and returns the exit code. */
export async function exportPair(options: ExportOptions, terminal: Terminal): Promise<number> {
  const { format, id, passwordFile } = options;
  if (!idPattern.test(id)) {
    throw new CommandFailed(`"${id}" cannot be the id of a certificate`, 'npx certkeep status');
  }
  if (format === 'pem' && passwordFile !== undefined) {
    throw new CommandFailed('PEM files have no password', 'npx certkeep export --help');
  }
  const password = format === 'pfx' ? await passwordFrom(passwordFile, terminal) : null;
  const { location } = await reach(options);
  const now = systemClock.now();
  const pair = await readPair(location, id);
  const problems = problemsOf(pair, { names: options.for, now });
  if (problems.length > 0) {
    throw new CommandFailed(
      `nothing is written: the certificate of ${id} must not be served: ${problems.join('; ')}`,
      `npx certkeep show ${id}`,
    );
  }
  const files = password ? pfxFiles(pair, id, password) : pemFiles(pair);
  const directory = exportDirectory(options.out);
  const changed = putInto(directory, files, { now, isReloaded: options.reload !== undefined });
  tell({ id, directory, changed, certificatePem: pair.certificatePem }, terminal);
  if (options.reload === undefined || !isReloadDue(directory)) return 0;
  const code = await reload(directory, options.reload);
  if (code !== 0) terminal.complain(reloadText(options.reload, code));
  return code;
}

/** Returns the files that were not there as they should be, and are now. @throws CommandFailed */
function putInto(
  directory: string,
  files: readonly ExportFile[],
  { isReloaded, now }: { readonly isReloaded: boolean; readonly now: Date },
): readonly ExportFile[] {
  try {
    removeLeftOver(directory, now);
    const changed = changedFiles(directory, files);
    if (changed.length === 0) return [];
    if (isReloaded) noteReload(directory);
    writeFiles(directory, changed);
    return changed;
  } catch (error) {
    throw fileFailure(directory, error);
  }
}

type Done = {
  readonly id: string;
  readonly directory: string;
  readonly changed: readonly ExportFile[];
  readonly certificatePem: string;
};

/** A job that runs every hour says nothing where nothing has changed. */
function tell({ certificatePem, changed, directory, id }: Done, terminal: Terminal): void {
  const { notAfter, serial } = readCertificate(certificatePem);
  const what = `${id}, serial ${serial}, which ends ${stamp(notAfter.toISOString())}`;
  if (changed.length > 0) {
    const names = changed.map(({ name }) => name).join(', ');
    terminal.print(`wrote ${names} in ${directory}: ${what}`);
  } else if (terminal.isInteractive) {
    terminal.print(`nothing has changed in ${directory}: ${what}`);
  }
}

function reloadText(command: string, code: number): string {
  return failureText(
    new CommandFailed(
      `the reload has failed with ${code}, and is run again by the next export`,
      command,
    ),
  );
}
