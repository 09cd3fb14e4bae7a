/** Questions to the table of calls, for the last thirty days, in the SQL of Athena. */
export const namedQueries = {
  'answer-rate': {
    description: 'Calls and the share of them that were answered, per day and account',
    sql: `SELECT date, account, count(*) AS calls, count_if(answered) AS answered,
       round(100.0 * count_if(answered) / count(*), 1) AS answered_percent
FROM calls
WHERE date >= cast(current_date - interval '30' day AS varchar)
GROUP BY date, account
ORDER BY date DESC, account`,
  },
  'speed-to-lead': {
    description: 'Seconds from the form to the ring, and how many calls were answered, per account and attempt',
    sql: `SELECT account, coalesce(attempt, 1) AS attempt, count(DISTINCT leadid) AS leads,
       approx_percentile(date_diff('second', leadacceptedat, startedat), 0.5) AS median_seconds_to_ring,
       approx_percentile(date_diff('second', leadacceptedat, startedat), 0.9) AS p90_seconds_to_ring,
       count_if(answered) AS answered, approx_percentile(talkseconds, 0.5) AS median_talk_seconds
FROM calls
WHERE date >= cast(current_date - interval '30' day AS varchar) AND leadid IS NOT NULL
GROUP BY account, coalesce(attempt, 1)
ORDER BY account, attempt`,
  },
  'missed-calls-by-hour': {
    description: 'Calls that nobody answered, per hour of the day in Moscow, and whose side failed',
    sql: `SELECT hour(startedat AT TIME ZONE 'Europe/Moscow') AS hour, coalesce(failedside, 'unknown') AS failed_side,
       count(*) AS missed
FROM calls
WHERE date >= cast(current_date - interval '30' day AS varchar) AND NOT answered
GROUP BY 1, 2
ORDER BY 1, 2`,
  },
  'cost-by-utm': {
    description: 'What the calls of each advert cost in billed minutes, and what an answered one did',
    sql: `SELECT coalesce(utmsource, '(none)') AS source, coalesce(utmcampaign, '(none)') AS campaign, count(*) AS calls,
       count_if(answered) AS answered, sum(billedseconds) / 60 AS billed_minutes,
       round(sum(billedseconds) / 60.0 / nullif(count_if(answered), 0), 1) AS billed_minutes_per_answer
FROM calls
WHERE date >= cast(current_date - interval '30' day AS varchar)
GROUP BY 1, 2
ORDER BY calls DESC`,
  },
} as const;
