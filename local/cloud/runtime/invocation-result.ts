export type InvocationError = { readonly name: string; readonly message: string };

export type FailedInvocation = {
  readonly ok: false;
  readonly error: InvocationError;
  /** Lambda did not run the function, since too many run already; this is no failure of the function. */
  readonly isThrottled?: true;
};

export type InvocationResult = { readonly ok: true; readonly payload: unknown } | FailedInvocation;
