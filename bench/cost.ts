import { type Fleet, monthlyCost, rotationsCost, sumOf } from '#cli/see/cost/monthly.ts';
import { allowance, noAllowance } from '#cli/see/cost/prices.ts';

/**
 * Estimates the monthly cost of installations of several sizes, as `npx certkeep cost` does of one: `npm run bench:cost`,
 * with `-- --json` as one JSON object on the last line. It is not a bill.
 */
const fleets: readonly Fleet[] = [10, 100, 1_000, 10_000].flatMap((certificates) => [
  { certificates, replicas: 0 },
  { certificates, replicas: 1 },
]);
const rows = fleets.map((fleet) => {
  const parts = monthlyCost(fleet, noAllowance);
  const total = sumOf(parts);
  const afterFree = monthlyCost(fleet, allowance);
  return {
    ...fleet,
    ...parts,
    total,
    thirdYear: total + rotationsCost(fleet),
    /** An account without anything else pays this, and this much of it not for the keys of certificates. */
    afterFree: sumOf(afterFree),
    besideSecrets: sumOf(afterFree) - afterFree.secrets,
  };
});
const rounded = rows.map((row) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, Math.round(value * 100) / 100]),
  ),
);
console.table(rounded);
if (process.argv.includes('--json')) console.log(JSON.stringify({ dollarsAMonth: rounded }));
