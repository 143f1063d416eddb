import { invalidConfig } from './read-config.js';

/** What `MILLRACE_TEST_FAULT` may break, so that the checks can be seen to notice. */
export const testFaults = ['no-fence', 'no-tombstone', 'no-outbox-delete', 'lose-log'] as const;
export type TestFault = (typeof testFaults)[number];

/** The fault that is asked for. @throws DomainError `config.invalid` in production, where none is allowed. */
export function allowedTestFault(environment: string, fault: TestFault | undefined): TestFault | undefined {
  if (fault === undefined || environment !== 'production') return fault;
  throw invalidConfig([
    {
      code: 'config.refused',
      pointer: '/MILLRACE_TEST_FAULT',
      message: 'MILLRACE_TEST_FAULT breaks the platform on purpose and is refused in production',
      hint: 'unset it',
    },
  ]);
}
