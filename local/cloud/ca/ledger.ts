import { type Account, type Book, type OrderStatus, orderStatus } from './book.ts';

/** The CA's activity so far, for tests that count. */
export type AcmeLedger = {
  readonly orders: readonly {
    readonly url: string;
    /** The account's URL. */
    readonly account: string;
    readonly names: readonly string[];
    readonly status: OrderStatus;
    /** Accepted finalize requests: never more than one. */
    readonly finalizedTimes: number;
    /** Upper-case hex; null before the certificate exists. */
    readonly serial: string | null;
    readonly createdAt: Date;
    readonly profile: string | null;
    readonly replaces: string | null;
  }[];
  readonly accounts: readonly Pick<Account, 'url' | 'status' | 'contact' | 'createdAt'>[];
};

export function ledgerOf(book: Book, now: Date): AcmeLedger {
  return {
    orders: [...book.orders.values()].map((order) => ({
      url: order.url,
      account: order.account.url,
      names: order.names,
      status: orderStatus(order, now),
      finalizedTimes: order.finalizedTimes,
      serial: order.certificate?.serial ?? null,
      createdAt: order.createdAt,
      profile: order.profile,
      replaces: order.replaces,
    })),
    accounts: [...book.accounts.values()].map(({ url, status, contact, createdAt }) => ({
      url,
      status,
      contact,
      createdAt,
    })),
  };
}
