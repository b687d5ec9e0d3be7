/** Programs that are not ours and that a test runs for real where they are installed. */
export const realParts = {
  /** Let's Encrypt's test CA, 2.10 or later; `.ci/run` installs it. */
  pebble: process.env.PEBBLE ?? null,
  /** The aws command line, 1.45 or later. */
  aws: process.env.AWS_CLI ?? null,
  /** `moto_server` of `pip install 'moto[server]'`, 5.2.1. */
  moto: process.env.MOTO_SERVER ?? null,
  /** `cfn-lint` of `pip install cfn-lint`, 1.58.0. */
  cfnLint: process.env.CFN_LINT ?? null,
};

/** Says once per run what is left out, and fails instead where nothing may be left out. */
export default function setup(): void {
  const missing = [
    ...(realParts.pebble === null ? ['Pebble (set PEBBLE to its binary)'] : []),
    ...(realParts.aws === null ? ['the aws command line (set AWS_CLI to its binary)'] : []),
    ...(realParts.cfnLint === null ? ['cfn-lint (set CFN_LINT to its program)'] : []),
    ...(realParts.moto === null ? ['moto (set MOTO_SERVER to its moto_server)'] : []),
  ];
  if (missing.length === 0) return;
  const line = `Skipped, because it is not installed: ${missing.join(', ')}`;
  if (process.env.CERTKEEP_NO_SKIPS) throw new Error(line);
  console.log(line);
}
