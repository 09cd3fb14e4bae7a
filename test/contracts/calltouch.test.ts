import { calltouch } from '#shared/providers/calltouch/provider.ts';
import { testProvider } from './provider.ts';

const apiToken = 'token-of-18990';

testProvider({
  provider: calltouch,
  account: { provider: 'calltouch', siteId: '18990', apiToken, routeKey: 'main-widget' },
  secrets: [apiToken],
  params: {
    register: { phoneNumber: '79161112233' },
    calls: { dateFrom: '22/11/2026', dateTo: '22/11/2026' },
    requests: { dateFrom: '11/22/2026', dateTo: '11/22/2026' },
  },
  success: {
    call: (id) => `{"data": {"widgetRequestId": ${id}}}`,
    track: (id) => `{"requestId": ${id}}`,
  },
});
