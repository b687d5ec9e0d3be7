import { CertkeepError, type ErrorName, errorMessage, errorName } from '#shared/errors.ts';

/** Turns the errors of Elastic Load Balancing that a person or the workflow can act on into ours. */
export function elbErrors(names: Readonly<Record<string, ErrorName>>) {
  return async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (cause) {
      const name = names[errorName(cause)];
      if (!name) throw cause;
      throw new CertkeepError(name, `ELB: ${errorMessage(cause)}`, { cause });
    }
  };
}
