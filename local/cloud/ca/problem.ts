/** RFC 8555 §6.7: an ACME server's error answer. */
export type Problem = {
  readonly type: string;
  readonly detail: string;
  readonly status: number;
  readonly subproblems?: readonly Subproblem[];
  /** badSignatureAlgorithm names the algorithms that it accepts (RFC 8555 §6.2). */
  readonly algorithms?: readonly string[];
};

export type Subproblem = {
  readonly type: string;
  readonly detail: string;
  readonly identifier: Identifier;
};

export type Identifier = { readonly type: string; readonly value: string };

const usualStatus: Readonly<Record<string, number>> = {
  unauthorized: 403,
  orderNotReady: 403,
  rateLimited: 429,
  serverInternal: 500,
};

export function problem(
  type: string,
  detail: string,
  more: Partial<Omit<Problem, 'type' | 'detail'>> = {},
): Problem {
  return { type: problemType(type), detail, status: usualStatus[type] ?? 400, ...more };
}

export function problemType(name: string): string {
  return name.includes(':') ? name : `urn:ietf:params:acme:error:${name}`;
}

export class AcmeRefusal extends Error {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
  constructor(problem: Problem, headers: Readonly<Record<string, string>> = {}) {
    super(problem.detail);
    this.name = 'AcmeRefusal';
    this.problem = problem;
    this.headers = headers;
  }
}

export function refuse(...args: Parameters<typeof problem>): never {
  throw new AcmeRefusal(problem(...args));
}
