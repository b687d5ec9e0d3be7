import { arnOf as arnIn } from '../../wire/arn.ts';
import { AwsError, type Call } from '../../wire/service.ts';

/** The limit of the whole ARN (sysman-parameter-name-constraints.html). */
const maxArnLength = 1_011;
const maxDepth = 15;

/** `/TestParam1` and `TestParam1` are the same parameter. */
export function canonical(name: string): string {
  const bare = name.replace(/^\//, '');
  return bare.includes('/') ? `/${bare}` : bare;
}

export function arnOf(name: string, call: Call): string {
  return arnIn('ssm', call, `parameter/${name.replace(/^\//, '')}`);
}

/** Checks the name of a new parameter (sysman-parameter-name-constraints.html). */
export function checkName(name: string, call: Call): void {
  const isHierarchy = name.startsWith('/');
  if (!/^[A-Za-z0-9_.\-/]+$/.test(name) || /\/\/|\/$/.test(name) || name === '/') {
    throw invalid(
      'Parameter name: can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
    );
  }
  if (name.includes('/') && !isHierarchy) {
    throw invalid('Parameter name must be a fully qualified name.');
  }
  if (/^\/?(aws|ssm)/i.test(name)) {
    throw new AwsError('AccessDeniedException', `No access to reserved parameter name: ${name}.`);
  }
  if (name.split('/').filter((level) => level !== '').length > maxDepth) {
    throw new AwsError(
      'HierarchyLevelLimitExceededException',
      `A hierarchy can have a maximum of ${maxDepth} levels.`,
    );
  }
  if (arnOf(name, call).length > maxArnLength) {
    throw invalid(`Parameter name: the ARN can have a maximum of ${maxArnLength} characters.`);
  }
}

export type Wanted = { readonly name: string; readonly version: number | null };

/** Parses a name or an ARN, with an optional `:version`. */
export function wantedBy(asked: string): Wanted {
  const named = asked.replace(/^arn:[a-z-]+:ssm:[a-z0-9-]+:\d{12}:parameter\//, '/');
  const [name = '', selector] = named.split(':');
  if (selector !== undefined && !/^\d+$/.test(selector)) {
    throw new AwsError('NotImplemented', 'local: a label of a parameter is not implemented', 501);
  }
  return { name: canonical(name), version: selector === undefined ? null : Number(selector) };
}

export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
