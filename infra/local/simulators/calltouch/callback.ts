import * as z from 'zod';
import type { CalltouchState } from '../calltouch.ts';
import type { SimulatorRequest, SimulatorResponse } from '../simulator.ts';
import { moscowInstant } from './moscow-time.ts';

const text = z.string().optional();
const bodySchema = z.object({
  routeKey: z.string(),
  phone: z.string(),
  fields: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  sessionId: z.union([z.number(), z.string().regex(/^\d+$/)]).optional(),
  utmSource: text,
  utmMedium: text,
  utmCampaign: text,
  utmContent: text,
  utmTerm: text,
  callUrl: text,
  tags: text,
  scheduleTime: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
    .optional(),
});

/** Orders a call, by the field notes: the number is looked at first, then the widget. */
export function callback({ headers, body }: SimulatorRequest, state: CalltouchState): SimulatorResponse {
  const token = headers['access-token'];
  const ofToken = Object.entries(state.accounts).filter(
    ([, { apiToken }]) => token !== undefined && String(apiToken) === token,
  );
  if (ofToken.length === 0) return { status: 403, body: JSON.stringify({ message: 'Invalid credentials' }) };
  const order = readOrder(body);
  if (order === undefined) return apiError(10007, 'Validation error');
  if (!/^7\d{10}$/.test(order.phone)) return apiError(10013, 'Wrong phone number');
  const [account] = ofToken.find(([, { routeKey }]) => String(routeKey) === order.routeKey) ?? [];
  if (account === undefined) return apiError(10003, 'No active widgets with this key');

  const now = state.clock();
  const id = state.random();
  const { phone, fields, ...params } = order;
  state.journal.add({
    id: String(id),
    account,
    client: phone,
    manager: '',
    text: fields.map(({ name, value }) => `${name}: ${value}`).join('. '),
    orderedAt: now,
    ringAt: Math.max(now, readSchedule(order.scheduleTime) ?? now),
    params: Object.fromEntries(
      Object.entries(params).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
    ),
  });
  return { status: 200, body: JSON.stringify({ data: { widgetRequestId: id } }) };
}

function readOrder(body: string): z.output<typeof bodySchema> | undefined {
  try {
    return bodySchema.safeParse(JSON.parse(body)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readSchedule(text: string | undefined): number | undefined {
  return moscowInstant((text?.match(/\d+/g) ?? []).map(Number));
}

function apiError(errorCode: number, errorMessage: string): SimulatorResponse {
  return { status: 400, body: JSON.stringify({ data: { apiErrorData: { errorCode, errorMessage } } }) };
}
