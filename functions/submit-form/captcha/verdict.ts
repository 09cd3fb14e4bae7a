/** What a verifier says of a token; `unavailable`: nothing that can be relied on. */
export type Verdict = 'passed' | 'refused' | 'unavailable';

/** What is asked about. */
export type Question = {
  secret: string;
  token: string;
  /** The visitor's address, as far as it is known. */
  address: string | undefined;
  /** Of the lead that it is for. */
  lead: string;
  form: string;
  /** Hosts of the form's own sites. */
  hosts: readonly string[];
};

/** One kind of captcha: how its verifier is asked, and what an answer of status 200 means. */
export type Verifier = {
  path: string;
  /** Written as an urlencoded body. */
  parameters(question: Question): Record<string, string>;
  read(answer: unknown, question: Question): Verdict;
};

/** Is this host, with or without a port, one of the form's? */
export function isOwnHost(host: string, hosts: readonly string[]): boolean {
  const address = `https://${host}`;
  return URL.canParse(address) && hosts.includes(new URL(address).hostname);
}
