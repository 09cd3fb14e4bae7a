import { describeStatus } from '#shared/providers/callkeeper/statuses.ts';
import type { CallRecord } from '../simulator.ts';
import { progressOf } from './progress.ts';

/** A call in the statistics: the fields of "Параметры ответа в формате JSON", REST API document. */
export function statisticsRecord(call: CallRecord, now: number, tags: readonly string[]) {
  const { params } = call;
  const { pair, seconds, talkSeconds } = progressOf(call, now);
  const [code = '', code2 = ''] = pair.split('/');
  const reason = describeStatus(code, code2).ru;
  return {
    id: call.id,
    visit_info: visitInfo(params),
    status_code: Number(code),
    status_reason: reason,
    status2_code: Number(code2),
    status2_reason: reason,
    ip: params['ip_client'] ?? '',
    country: 'RU',
    city: '',
    region: '',
    district: '',
    site: params['site'] ?? '',
    ga_clientid: params['ga_client_id'] ?? null,
    phone1: call.manager,
    phone2: call.client,
    widget_hash: params['whash'] ?? params['walias'] ?? '',
    date: new Date(call.ringAt).toISOString().slice(0, 19).replace('T', ' '),
    duration_sec: String(seconds),
    duration_min: String(Math.ceil(seconds / 60)),
    duration2_sec: String(talkSeconds),
    duration2_min: String(Math.ceil(talkSeconds / 60)),
    record_url: talkSeconds > 0 ? `https://records.callkeeper.example/${call.id}.mp3` : '',
    attempt: 1,
    a_type: 1,
    playback_tick: 1,
    tags: tags.join(',') || ' ',
    asr_attempts: 0,
  };
}

function visitInfo(params: Record<string, string>) {
  const marks = Object.fromEntries(Object.entries(params).filter(([name]) => name.startsWith('utm_')));
  const added = { entry_point: params['entry_point'] ?? '', referrer: params['referrer'] ?? '' };
  return {
    current: marks,
    current_add: added,
    first: marks,
    first_add: added,
    session: { pgs: 1, cpg: params['current_page'] ?? '' },
    udata: { vst: 1, uag: params['user_agent'] ?? '' },
  };
}
