/** An account and region in which certificates are deployed. */
export type Place = { readonly account: string; readonly region: string };

export function placeKey(place: Place): string {
  return `${place.account}/${place.region}`;
}

export function parsePlaceKey(key: string): Place {
  const [account = '', region = ''] = key.split('/');
  return { account, region };
}

/** Creates one value per place, for as long as the container lives. */
export function oncePerPlace<T>(make: (place: Place) => T): (place: Place) => T {
  const made = new Map<string, T>();
  return (place) => {
    const key = placeKey(place);
    const one = made.get(key) ?? make(place);
    made.set(key, one);
    return one;
  };
}
