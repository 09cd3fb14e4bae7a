import type { CallOutcomeKind, FailedSide } from '../../stats/outcome.ts';

export type CallStatus = {
  /** status_code and status2_code, such as `200/486`. */
  pair: string;
  outcome: CallOutcomeKind;
  side: FailedSide;
  /** Whether the pair can still change. */
  final: boolean;
  ru: string;
  en: string;
};

type Row = [pair: string, outcome: CallOutcomeKind, side: FailedSide, ru: string, en: string];

const underWay: Row[] = [
  ['1/0', 'in-progress', 'none', 'Звонок идёт прямо сейчас', 'The call is going on right now'],
  ['2/0', 'scheduled', 'none', 'Звонок запланирован', 'The call is scheduled'],
  // The document calls it an unknown operator error; there it stands until the status has come (field notes).
  ['707/0', 'in-progress', 'none', 'Ожидается статус звонка', 'The status of the call is still to come'],
];

// biome-ignore format: a table reads best with a pair to a line.
const over: Row[] = [
  // "Возможные статусы по звонку": the manager was reached, the second code is the client's.
  ['200/0', 'cancelled', 'manager', 'Отбой от менеджера до звонка клиенту', 'The manager hung up before the client was called'],
  ['200/1', 'cancelled', 'manager', 'Менеджер не дождался соединения', 'The manager did not wait for the connection'],
  ['200/200', 'answered', 'none', 'Звонок прошёл успешно', 'The call went well'],
  ['200/400', 'technical', 'operator', 'Некорректный запрос', 'The request made no sense to the server'],
  ['200/403', 'blocked', 'operator', 'Оператор связи запрещает вызов клиента', 'The telephone company forbids calling the client'],
  ['200/404', 'wrong-number', 'client', 'Номер клиента не существует', "The client's number does not exist"],
  ['200/406', 'unavailable', 'client', 'Клиент недоступен', 'The client is unavailable'],
  ['200/408', 'unavailable', 'client', 'Клиент не найден за отведённое время', 'The client was not found in time'],
  ['200/410', 'wrong-number', 'client', 'Номер клиента не существует', "The client's number does not exist"],
  ['200/461', 'blocked', 'operator', 'Оператор связи запрещает вызов клиента', 'The telephone company forbids calling the client'],
  ['200/480', 'unavailable', 'client', 'Клиент временно недоступен', 'The client is unavailable for now'],
  ['200/484', 'wrong-number', 'client', 'Неправильный номер клиента', "The client's number is wrong"],
  ['200/486', 'busy', 'client', 'Номер клиента занят', "The client's line is busy"],
  ['200/487', 'no-answer', 'client', 'Клиент не взял трубку', 'The client did not pick up'],
  ['200/491', 'technical', 'operator', 'Техническая ошибка телефонии', 'A technical error of the telephony'],
  ['200/500', 'technical', 'operator', 'Технические неполадки у оператора связи', 'Technical trouble at the telephone company'],
  ['200/502', 'technical', 'operator', 'Технические неполадки у оператора связи', 'Technical trouble at the telephone company'],
  ['200/503', 'technical', 'operator', 'Технические неполадки у оператора связи', 'Technical trouble at the telephone company'],
  ['200/504', 'technical', 'operator', 'Технические неполадки у оператора связи', 'Technical trouble at the telephone company'],
  ['200/600', 'busy', 'client', 'Номер клиента занят', "The client's line is busy"],
  ['200/603', 'blocked', 'operator', 'Оператор связи запрещает вызов клиента', 'The telephone company forbids calling the client'],
  ['200/708', 'cancelled', 'manager', 'Менеджер отменил вызов без повторов', 'The manager cancelled the call for good'],
  ['200/718', 'no-answer', 'client', 'Клиент не принял вызов за отведённое время', 'The client did not take the call in time'],
  // The manager was not reached.
  ['403/0', 'blocked', 'operator', 'Оператор связи запрещает вызов менеджера', 'The telephone company forbids calling the manager'],
  ['404/0', 'wrong-number', 'manager', 'Номер менеджера не существует', "The manager's number does not exist"],
  ['408/0', 'unavailable', 'manager', 'Менеджер не найден за отведённое время', 'The manager was not found in time'],
  ['480/0', 'unavailable', 'manager', 'Менеджер недоступен', 'The manager is unavailable'],
  ['484/0', 'technical', 'operator', 'Ошибка оператора связи', 'An error of the telephone company'],
  ['486/0', 'busy', 'manager', 'Номер менеджера занят', "The manager's line is busy"],
  ['487/0', 'no-answer', 'manager', 'Менеджер не взял трубку', 'The manager did not pick up'],
  ['488/0', 'technical', 'operator', 'Не поддерживаются кодеки SIP', 'The SIP codecs are not supported'],
  ['491/0', 'technical', 'operator', 'Техническая ошибка телефонии', 'A technical error of the telephony'],
  ['500/0', 'technical', 'operator', 'Сервер оператора связи не отвечает', 'The server of the telephone company does not answer'],
  ['502/0', 'technical', 'operator', 'Технические неполадки у оператора связи', 'Technical trouble at the telephone company'],
  ['503/0', 'technical', 'operator', 'Технические неполадки у оператора связи', 'Technical trouble at the telephone company'],
  ['603/0', 'blocked', 'operator', 'Оператор связи запрещает вызов менеджера', 'The telephone company forbids calling the manager'],
  ['604/0', 'wrong-number', 'manager', 'Номер менеджера не существует', "The manager's number does not exist"],
  // CallKeeper itself ended it.
  ['667/0', 'blocked', 'client', 'Номер клиента заблокирован', "The client's number is blocked"],
  ['668/0', 'blocked', 'client', 'IP-адрес клиента заблокирован', "The client's IP address is blocked"],
  ['701/0', 'duplicate', 'none', 'Ненужный звонок: клиент уже дозвонился', 'Not needed: the client has been reached already'],
  ['702/0', 'cancelled', 'system', 'Отменён: нет подходящего рабочего времени', 'Cancelled: no working time would fit'],
  ['703/0', 'wrong-number', 'client', 'Номера менеджера и клиента совпадают', 'Manager and client have the same number'],
  ['704/0', 'technical', 'system', 'Отменён по техническим причинам', 'Cancelled for technical reasons'],
  ['705/0', 'blocked', 'manager', 'Номер менеджера в чёрном списке', "The manager's number is on the blacklist"],
  ['708/0', 'cancelled', 'manager', 'Отменён менеджером вручную', 'Cancelled by the manager'],
  ['709/0', 'wrong-number', 'client', 'Некорректный формат номера', 'The number has a wrong format'],
  ['710/0', 'account', 'account', 'Виджет отключён', 'The widget is disabled'],
  ['718/0', 'wrong-number', 'client', 'Недопустимый номер клиента', "The client's number is not allowed"],
  ['720/0', 'technical', 'operator', 'Неизвестная ошибка оператора связи', 'An unknown error of the telephone company'],
  ['790/0', 'test', 'none', 'Тестовый звонок', 'A test call'],
  ['811/0', 'account', 'account', 'Недостаточно минут на балансе', 'No minutes are left on the balance'],
  ['812/0', 'account', 'account', 'Оплаченный период закончился', 'The paid period is over'],
  ['813/0', 'duplicate', 'none', 'Повторный заказ в течение часа', 'Ordered again within the hour'],
  ['814/0', 'account', 'account', 'Превышена максимальная стоимость звонка', 'The call would cost more than the limit'],
  ['815/0', 'duplicate', 'none', 'Дублирующийся звонок', 'A duplicate call'],
  // Seen beyond the document's table (field notes); 199, 401 and 604 are read as SIP defines them.
  ['101/200', 'notified', 'none', 'Голосовое уведомление доставлено клиенту', 'A voice notice reached the client'],
  ['101/480', 'unavailable', 'client', 'Голосовое уведомление: клиент недоступен', 'A voice notice: the client is unavailable'],
  ['101/486', 'busy', 'client', 'Голосовое уведомление: номер клиента занят', "A voice notice: the client's line is busy"],
  ['200/199', 'technical', 'operator', 'Соединение оборвалось до ответа клиента', 'The connection ended before the client answered'],
  ['200/201', 'not-called', 'none', 'Режим заказа: звонок не совершается', 'Order mode: no call is made'],
  ['200/401', 'technical', 'operator', 'Оператор связи требует авторизации', 'The telephone company wants to be authorised'],
  ['200/604', 'wrong-number', 'client', 'Номер клиента не существует', "The client's number does not exist"],
  ['200/717', 'no-answer', 'client', 'Истекло время дозвона до клиента', 'The time limit for reaching the client ran out'],
  ['504/0', 'technical', 'operator', 'Технические неполадки у оператора связи', 'Technical trouble at the telephone company'],
  ['706/0', 'duplicate', 'none', 'Уже идёт другая цепочка звонков', 'Another chain of calls is active'],
];

const statuses = new Map<string, CallStatus>([
  ...underWay.map((row) => entry(row, false)),
  ...over.map((row) => entry(row, true)),
]);

/** All known pairs, in the document's order, those of the field notes last. */
export const knownStatuses: readonly CallStatus[] = [...statuses.values()];

/** What a pair of codes means. The list is open: an unknown pair stays as it is, and may still change. */
export function describeStatus(code: string | number, code2: string | number): CallStatus {
  const pair = `${code}/${code2}`;
  return (
    statuses.get(pair) ?? {
      pair,
      outcome: 'unknown',
      side: 'none',
      final: false,
      ru: `Неизвестный статус ${pair}`,
      en: `Unknown status ${pair}`,
    }
  );
}

function entry([pair, outcome, side, ru, en]: Row, final: boolean): [string, CallStatus] {
  return [pair, { pair, outcome, side, final, ru, en }];
}
