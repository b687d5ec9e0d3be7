import { CertkeepError, type ErrorName } from '#shared/errors.ts';

/** How Alibaba Cloud and Tencent Cloud tell what is wrong. */
export type Refusal = { readonly Code?: string; readonly Message?: string };

/** In the words of the service, below the error of ours. */
class ServiceError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

export function refusedBy(
  service: string,
  name: ErrorName,
  { Code = '', Message = '' }: Refusal,
): CertkeepError {
  const cause = new ServiceError(Code, Message);
  return new CertkeepError(name, `${service}: ${cause.message}`, { cause });
}

/** What a refusal with one of these codes comes to. */
export async function orElse<T, Else>(
  codes: readonly string[],
  otherwise: Else,
  asked: Promise<T>,
): Promise<T | Else> {
  try {
    return await asked;
  } catch (error) {
    const cause = error instanceof CertkeepError ? error.cause : null;
    if (cause instanceof ServiceError && codes.includes(cause.code)) return otherwise;
    throw error;
  }
}
