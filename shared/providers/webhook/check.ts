import { lookup } from 'node:dns/promises';
import type { Finding } from '../provider.ts';

/** Whether the receiver's name leads to addresses that may be talked to. It is not asked anything: a receiver may take any request for a lead. */
export async function checkAddress(url: string, isAllowed: (address: string) => boolean): Promise<Finding[]> {
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
  let addresses: { address: string }[];
  try {
    addresses = await lookup(host, { all: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed';
    return [
      { check: 'address', ok: false, message: `the name ${host} is not found (${code}): look at the account's url` },
    ];
  }
  const isPublic = addresses.every(({ address }) => isAllowed(address));
  const message = isPublic
    ? `${host} leads to ${addresses.length} address(es); only a first lead shows whether the receiver takes the signature`
    : `${host} is not on the public internet, so nothing will be sent there: name a public address`;
  return [{ check: 'address', ok: isPublic, message }];
}
