import type { SimulatorResponse } from '../simulator.ts';

/** An error as Calltouch writes it, mostly under HTTP 200. */
export function refuse(errorCode: number, message: string, status = 200): SimulatorResponse {
  return { status, body: JSON.stringify({ errorCode, message, errorMessage: message }) };
}
