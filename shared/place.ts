/** An account and region in which certificates are deployed, and the store there that holds them: ACM unless it is named. */
export type Place = {
  readonly account: string;
  readonly region: string;
  readonly store?: 'iam';
};

/** `123456789012/us-east-1`, and `123456789012/us-east-1/iam` for the server certificates of IAM. */
export function placeKey({ account, region, store }: Place): string {
  return [account, region, ...(store ? [store] : [])].join('/');
}

export function parsePlaceKey(key: string): Place {
  const [account = '', region = '', store] = key.split('/');
  return { account, region, ...(store === 'iam' && { store }) };
}

/** The account and region alone, where networks, roles and request rates are the same whatever the store. */
export function networkOf({ account, region }: Place): Place {
  return { account, region };
}

export function networkKey(place: Place): string {
  return placeKey(networkOf(place));
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
