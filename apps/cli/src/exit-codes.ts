/** What a command's exit code says; scripts rely on these numbers. */
export const exitCodes = {
  ok: { code: 0, meaning: 'It did what was asked; a watched run succeeded; every test passed.' },
  failed: { code: 1, meaning: 'The run or a test failed, or was cancelled.' },
  usage: { code: 2, meaning: 'The command line is wrong: an unknown command or option, or a missing argument.' },
  unauthenticated: { code: 3, meaning: 'Not logged in, the key is unknown or expired, or it may not do this.' },
  notFound: { code: 4, meaning: 'There is no such pipeline, run, environment, file, …' },
  invalid: { code: 5, meaning: 'The bundle, the params or another input is wrong; what and where is printed.' },
  conflict: { code: 6, meaning: 'Something else stands in the way: a state, a limit of the plan, too many requests.' },
  unreachable: { code: 7, meaning: 'The platform cannot be reached, or cannot answer now.' },
  interrupted: { code: 130, meaning: 'Ctrl-C. A run that was being watched goes on.' },
} as const;

export type Outcome = keyof typeof exitCodes;
