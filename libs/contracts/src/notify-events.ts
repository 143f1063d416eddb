/**
 * What a person can be told of: a run `failed`; a run succeeded and the pipeline's run before it had failed
 * (`recovered`); a run had not ended when its deadline passed, or had not even begun (`deadline_missed`).
 */
export const notifyEvents = ['failed', 'recovered', 'deadline_missed'] as const;
export type NotifyEvent = (typeof notifyEvents)[number];

/** A rule in its full form: who is told when one of the events happens. */
export type NotifyRule =
  | {
      readonly on: readonly NotifyEvent[];
      /** Addresses, or the word `owners`: the owners of the organization. */
      readonly email: readonly string[];
    }
  | {
      readonly on: readonly NotifyEvent[];
      /** Name of a webhook of the environment. */
      readonly webhook: string;
    };
