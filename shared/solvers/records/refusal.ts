import { CertkeepError, type ErrorName } from '#shared/errors.ts';

/** The form in which Alibaba Cloud and Tencent Cloud report an error. */
export type Refusal = { readonly Code?: string; readonly Message?: string };

/** Holds the service's own words, as the cause of our error. */
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

/** Awaits a call, and returns `otherwise` when the service refuses it with one of these codes. */
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
