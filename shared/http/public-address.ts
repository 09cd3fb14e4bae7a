import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** What the IANA special-purpose registry does not give to the public: this network, private, shared, loopback, link-local (metadata), test, multicast. */
const reservedV4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const;

/** The parts of the public 2000::/3 that lead elsewhere: protocol assignments with Teredo, documentation, 6to4. */
const reservedV6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const blockedV4 = new BlockList();
for (const [network, prefix] of reservedV4) blockedV4.addSubnet(network, prefix, 'ipv4');
const blockedV6 = new BlockList();
for (const [network, prefix] of reservedV6) blockedV6.addSubnet(network, prefix, 'ipv6');
const unicastV6 = new BlockList();
unicastV6.addSubnet('2000::', 3, 'ipv6');

/** Whether this IP address, in its plain notation, is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !blockedV4.check(address, 'ipv4');
  return isIPv6(address) && unicastV6.check(address, 'ipv6') && !blockedV6.check(address, 'ipv6');
}

/** Whether this IP address, in its plain notation, is the machine itself. */
export function isLoopbackAddress(address: string): boolean {
  return isIPv4(address) ? address.startsWith('127.') : address === '::1';
}

/** Whether this host of a URL is the machine itself by its very name. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
