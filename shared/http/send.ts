import diagnostics from 'node:diagnostics_channel';

export type HttpRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  body?: string;
  /** From the call to the last byte of the answer. */
  timeoutMs: number;
  /** An answer longer than this is an error: half an answer proves nothing. */
  maxBytes: number;
};

export type HttpResponse = { status: number; headers: Record<string, string>; text: string };

/** The port through which providers are called. Throws SendError; any HTTP status is an answer, 710 included; redirects are not followed. */
export type Send = (request: HttpRequest) => Promise<HttpResponse>;

/** No usable answer came. `sent: false` is proof that not a byte of the request left this machine. */
export class SendError extends Error {
  override name = 'SendError';
  readonly sent: boolean;

  constructor(message: string, options: { sent: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.sent = options.sent;
  }
}

// undici reports here every error that ended an attempt to connect (name, TCP, TLS): the one proof that nothing was sent.
const connectErrors = new WeakSet<object>();
diagnostics.subscribe('undici:client:connectError', (message) => {
  const { error } = message as { error: object };
  connectErrors.add(error);
});

/** Loads what `send` is made of, which Node does not before it is needed: too late for a request that has a slot to leave in. */
export function loadFetch(): void {
  new Headers();
}

export const send: Send = async (request) => {
  try {
    const response = await fetch(request.url, {
      method: request.method,
      // A kept-alive socket that the far side has closed meanwhile looks like a lost answer: each order gets a fresh one.
      headers: { ...request.headers, connection: 'close' },
      ...(request.body === undefined ? {} : { body: request.body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(request.timeoutMs),
    });
    const text = await readAtMost(response.body ?? [], request.maxBytes);
    return { status: response.status, headers: Object.fromEntries(response.headers), text };
  } catch (error) {
    if (error instanceof SendError) throw error;
    throw toSendError(error);
  }
};

/** The answer went on beyond what the request allows: a list should be asked for in smaller parts. */
export class AnswerTooLongError extends SendError {
  override name = 'AnswerTooLongError';
}

/** The text of a body. Throws AnswerTooLongError. */
export async function readAtMost(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxBytes: number,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new AnswerTooLongError(`the answer is longer than ${maxBytes} bytes`, { sent: true });
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function toSendError(error: unknown): SendError {
  const cause = error instanceof Error ? error.cause : undefined;
  const sent = !(cause instanceof Error && connectErrors.has(cause));
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new SendError('no answer in time', { sent, cause: error });
  }
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'failed';
  return new SendError(sent ? `the connection broke (${code})` : `could not connect (${code})`, { sent, cause: error });
}
