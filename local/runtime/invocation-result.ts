export type InvocationError = { readonly name: string; readonly message: string };

export type FailedInvocation = {
  readonly ok: false;
  readonly error: InvocationError;
  /** Lambda did not run the function, as too much runs already: what it did not do is no failure of its own. */
  readonly isThrottled?: true;
};

export type InvocationResult = { readonly ok: true; readonly payload: unknown } | FailedInvocation;
