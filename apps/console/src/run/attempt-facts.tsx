import { bytes, duration } from '../api/format.js';
import { StateBadge } from '../ui/badge.js';
import { Facts } from '../ui/page.js';
import { Elapsed, RelativeTime } from '../ui/time.js';
import { attemptTimes, wayWords } from './attempt-times.js';
import type { Attempt } from './run-data.js';

/** What became of an attempt, how it came to its runner, and when it was where. */
export function AttemptFacts({ attempt }: { readonly attempt: Attempt }) {
  const { startedAt, endedAt, wallMs, cpuMs, peakRssBytes } = attempt;
  return (
    <>
      <div className="panel__part">
        <Facts
          facts={[
            ['State', <StateBadge state={attempt.state} title={attempt.reason ?? undefined} />],
            ['Try', `${attempt.try} of ${attempt.maxTries}`],
            ['Started', startedAt === null ? '—' : <RelativeTime at={startedAt} />],
            ['Worked', wallMs === null ? <Elapsed from={startedAt} to={endedAt} /> : duration(wallMs)],
            ['CPU', cpuMs === null ? '—' : duration(cpuMs)],
            ['Memory at most', peakRssBytes === null ? '—' : bytes(peakRssBytes)],
            ['Way to the runner', wayWords(attempt)],
            ['Isolation', attempt.tier ?? '—'],
          ]}
        />
      </div>
      <section className="panel__part" aria-label="Times">
        <h3>Times</h3>
        <table className="panel__times">
          <thead className="visually-hidden">
            <tr>
              <th scope="col">Step</th>
              <th scope="col">Time</th>
              <th scope="col">Since the step before</th>
            </tr>
          </thead>
          <tbody>
            {attemptTimes(attempt).map(({ step, what, at, sinceMs }) => (
              <tr key={step}>
                <th scope="row" title={what}>
                  {step}
                </th>
                <td>
                  <time dateTime={at}>{clock(at)}</time>
                </td>
                <td className="number">{sinceMs === undefined ? '' : `+${duration(sinceMs)}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

/** `11:37:14.052`, in the reader's time zone. */
function clock(at: string): string {
  const date = new Date(at);
  const digits = (value: number, count = 2): string => String(value).padStart(count, '0');
  const seconds = `${digits(date.getSeconds())}.${digits(date.getMilliseconds(), 3)}`;
  return `${digits(date.getHours())}:${digits(date.getMinutes())}:${seconds}`;
}
