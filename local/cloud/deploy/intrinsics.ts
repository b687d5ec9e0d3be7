import { DeployProblem } from './problem.ts';

/** The values for the intrinsic functions of one template. Each function throws for an unknown name. */
export type Scope = {
  /** The place of the resolved value, for people. */
  readonly where: string;
  ref(name: string): unknown;
  attribute(logicalId: string, name: string): unknown;
  condition(name: string): boolean;
  /** An output of another stack. */
  output(stackName: string, outputName: string, region: string | undefined): string;
};

/** `AWS::NoValue`: removes the property or entry. */
export const noValue = Symbol('AWS::NoValue');

/** Resolves every intrinsic function in the value. */
export function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) {
    return value.map((each) => resolve(each, scope)).filter((each) => each !== noValue);
  }
  if (typeof value !== 'object' || value === null) return value;
  const called = intrinsicIn(value);
  if (called) return carryOut(called, scope);
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, each]) => [name, resolve(each, scope)] as const)
      .filter(([, each]) => each !== noValue),
  );
}

export type Intrinsic = { readonly name: string; readonly argument: unknown };

/** The function that an object represents, such as `{ "Fn::Join": [...] }`. */
export function intrinsicIn(value: object): Intrinsic | null {
  const [only, ...others] = Object.entries(value);
  if (!only || others.length > 0) return null;
  const [name, argument] = only;
  return name === 'Ref' || name.startsWith('Fn::') ? { name, argument } : null;
}

function carryOut({ name, argument }: Intrinsic, scope: Scope): unknown {
  switch (name) {
    case 'Ref':
      return scope.ref(text(argument, name, scope));
    case 'Fn::GetAtt':
      return attribute(argument, scope);
    case 'Fn::Join': {
      const [separator, parts] = list(argument, name, scope, 2);
      const texts = list(parts, name, scope).map((part) => scalar(part, name, scope));
      return texts.join(text(separator, name, scope));
    }
    case 'Fn::Sub':
      return substituted(argument, scope);
    case 'Fn::Select': {
      const [index, among] = list(argument, name, scope, 2);
      const chosen = list(among, name, scope)[Number(index)];
      if (chosen === undefined) throw wrong(name, `nothing stands at ${String(index)}`, scope);
      return chosen;
    }
    case 'Fn::Split': {
      const [separator, from] = list(argument, name, scope, 2);
      return text(from, name, scope).split(text(separator, name, scope));
    }
    case 'Fn::If': {
      if (!Array.isArray(argument) || argument.length !== 3) {
        throw wrong(name, 'it takes a condition and two values', scope);
      }
      const [condition, whenTrue, whenFalse] = argument;
      return resolve(scope.condition(String(condition)) ? whenTrue : whenFalse, scope);
    }
    case 'Fn::GetStackOutput':
      return stackOutput(argument, scope);
    default:
      throw new DeployProblem(
        scope.where,
        `the local cloud does not know the intrinsic function ${name}`,
      );
  }
}

function attribute(argument: unknown, scope: Scope): unknown {
  const [logicalId = '', ...rest] =
    typeof argument === 'string' ? argument.split('.') : list(argument, 'Fn::GetAtt', scope);
  return scope.attribute(String(logicalId), rest.join('.'));
}

/** `${Name}`, `${Name.Attribute}`, and `${!Literal}`, which stays. */
function substituted(argument: unknown, scope: Scope): string {
  const [template, given] = Array.isArray(argument) ? argument : [argument, {}];
  const values = resolve(given, scope) as Readonly<Record<string, unknown>>;
  return text(template, 'Fn::Sub', scope).replaceAll(/\$\{([^}]*)\}/g, (_, inside: string) => {
    if (inside.startsWith('!')) return `\${${inside.slice(1)}}`;
    const name = inside.trim();
    const value = values[name] ?? (name.includes('.') ? attribute(name, scope) : scope.ref(name));
    return scalar(value, 'Fn::Sub', scope);
  });
}

function stackOutput(argument: unknown, scope: Scope): string {
  const name = 'Fn::GetStackOutput';
  const { StackName, OutputName, Region, ...others } = resolve(argument, scope) as Record<
    string,
    unknown
  >;
  const [foreign] = Object.keys(others);
  if (foreign) throw wrong(name, `the local cloud does not know ${foreign}`, scope);
  const region = Region === undefined ? undefined : text(Region, name, scope);
  return scope.output(text(StackName, name, scope), text(OutputName, name, scope), region);
}

function list(value: unknown, name: string, scope: Scope, length?: number): readonly unknown[] {
  const resolved = resolve(value, scope);
  if (Array.isArray(resolved) && (length === undefined || resolved.length === length)) {
    return resolved;
  }
  const wanted = length === undefined ? 'a list' : `a list of ${length}`;
  throw wrong(name, `it takes ${wanted}, not ${JSON.stringify(value)}`, scope);
}

function text(value: unknown, name: string, scope: Scope): string {
  const resolved = resolve(value, scope);
  if (typeof resolved === 'string') return resolved;
  throw wrong(name, `it takes a text, not ${JSON.stringify(value)}`, scope);
}

function scalar(value: unknown, name: string, scope: Scope): string {
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value);
  throw wrong(name, `it takes texts, not ${JSON.stringify(value)}`, scope);
}

function wrong(name: string, what: string, { where }: Scope): DeployProblem {
  return new DeployProblem(where, `${name}: ${what}`);
}
