/** One account and region that certificates are deployed to. */
export type Place = { readonly account: string; readonly region: string };

export function placeKey(place: Place): string {
  return `${place.account}/${place.region}`;
}

export function parsePlaceKey(key: string): Place {
  const [account = '', region = ''] = key.split('/');
  return { account, region };
}
