/** Whether a provider's list means this phone (E.164): it may write a Russian number with an 8, or without any prefix. */
export function isSamePhone(listed: string, phone: string): boolean {
  const digits = listed.replaceAll(/\D/g, '');
  const wanted = phone.replace('+', '');
  if (digits === wanted) return true;
  return /^7\d{10}$/.test(wanted) && ['8', ''].includes(digits.slice(0, -10)) && digits.endsWith(wanted.slice(1));
}
