import type { RequestListener } from 'node:http';

const answer =
  (status: number, body: string, headers: Record<string, string> = {}): RequestListener =>
  (request, response) => {
    request.resume();
    response.writeHead(status, headers);
    response.end(body);
  };

/** Answers that come whole and prove nothing. */
export const unreadable: Record<string, RequestListener> = {
  'HTML with 200': answer(200, '<!doctype html><title>Sorry</title>'),
  'nothing with 200': answer(200, ''),
  'half of an answer': answer(200, '[{"id": "1", "status": "succ'),
  null: answer(200, 'null'),
  'a number': answer(200, '7'),
  'an empty list': answer(200, '[]'),
  'an empty object': answer(200, '{}'),
  'a list of nothing': answer(200, '[null]'),
  'wrong types': answer(
    200,
    '{"id": {}, "call_id": [], "status": 5, "requestId": {}, "result": 7, "data": {"widgetRequestId": []}}',
  ),
};

export const widgetDisabled = answer(710, '');

export const redirectTo = (location: string) => answer(302, '', { location });

/** JSON at first, and then spaces: for 5 MB, or without an end. */
export const long =
  (chunks: number): RequestListener =>
  (request, response) => {
    request.resume();
    response.writeHead(200);
    response.write('{"id": 1, "requestId": 1, "call_id": 1, "text": "');
    const chunk = ' '.repeat(64 * 1024);
    let written = 0;
    const write = () => {
      while (!response.destroyed && written < chunks) {
        written++;
        if (!response.write(chunk)) return void response.once('drain', write);
      }
      response.end('"}');
    };
    write();
  };
