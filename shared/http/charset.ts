import { TextDecoder } from 'node:util';
import { refuse } from './refuse.ts';

/** In these a byte below 128 need not be a letter of its own, so that what was read from the bytes would be wrong. */
const notAscii = /^(?:utf-16|iso-2022-jp)/;

/** Text of bytes in UTF-8. Throws InvalidRequestError 400. */
export function decodeText(bytes: Uint8Array, decoder = new TextDecoder('utf-8', { fatal: true })): string {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    throw refuse(400, 'bad_encoding', { cause: error });
  }
}

/**
 * Reads texts that hold a byte in each character. `charset` is a label of the Encoding Standard, such as `windows-1251`; none means UTF-8.
 * Throws InvalidRequestError 400 for an unknown label, the decoder it resolves to for bytes that mean nothing in its charset.
 */
export function decoderFor(charset = 'utf-8'): (bytes: string) => string {
  const decoder = createDecoder(charset);
  return (bytes) => decodeText(Buffer.from(bytes, 'latin1'), decoder);
}

function createDecoder(charset: string): TextDecoder {
  try {
    const decoder = new TextDecoder(charset, { fatal: true });
    if (!notAscii.test(decoder.encoding)) return decoder;
  } catch (error) {
    throw refuse(400, 'bad_encoding', { cause: error });
  }
  throw refuse(400, 'bad_encoding');
}
