export type Draw = {
  chance(share: number): boolean;
  below(limit: number): number;
  of<T>(all: readonly T[]): T;
};

export function drawing(random: () => number): Draw {
  const below = (limit: number) => Math.floor(random() * limit);
  return {
    below,
    chance: (share) => random() < share,
    of: (all) => all[below(all.length)] as (typeof all)[number],
  };
}
