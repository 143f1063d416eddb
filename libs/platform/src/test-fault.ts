import { invalidConfig } from './read-config.js';
import type { TestFault } from './settings.js';

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
