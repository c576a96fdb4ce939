const EUROS = new Intl.NumberFormat("en", { style: "currency", currency: "EUR" });

/** `890` -> `€8.90` */
export function formatMoney(cents: number): string {
  return EUROS.format(cents / 100);
}
