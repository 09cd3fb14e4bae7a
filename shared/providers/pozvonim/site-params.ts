/** A parameter as the document writes it, with 0 for every index. */
type SiteParam = `${'site' | 'widget' | 'blacklists' | 'managers[0]'}[${string}]`;

const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const timed = ['onenter', 'onexit', 'onwait'] as const;

const settings = [
  'manager_rule',
  'manager_region_enable',
  'report_email',
  'report_period',
  'report_analytic',
  'auto_payment',
  'phone_for_client',
  'phone_for_manager',
  'notification_email',
  'notification_phone',
  'notification_type',
  'notification_notify',
] as const;

const widgetSettings = [
  'mobile_enable',
  'period',
  'schelude_night',
  'api_enable',
  'api_callback',
  'timezone',
  'timezone_auto',
  'tracking_google_enable',
  'tracking_yandex_enable',
  'tracking_yandex_target',
  'tracking_google_target',
  'schelude_call_delay',
  'button',
  'button_display',
  'button_position',
  'button_position_y',
  'button_position_x',
  'window_position',
  'call_time',
  'phone_prefix',
] as const;

/** What the v2u document lists for a site, new or updated, beside the site's address and its first manager's phone; `schelude` is its own spelling. */
export const siteParams: readonly SiteParam[] = [
  ...settings.map((name): SiteParam => `site[${name}]`),
  'site[notification_notify][0]',
  'managers[0][name]',
  'managers[0][region]',
  ...widgetSettings.map((name): SiteParam => `widget[${name}]`),
  ...days.flatMap((day) => ['from', 'to', 'enable'].map((field): SiteParam => `widget[schelude][${day}][${field}]`)),
  ...timed.flatMap((name) => ['time', 'enable'].map((field): SiteParam => `widget[algoritms][${name}][${field}]`)),
  'widget[algoritms][onreturn][enable]',
  ...(['ip', 'url', 'phone', 'referer'] as const).map((name): SiteParam => `blacklists[${name}]`),
];
