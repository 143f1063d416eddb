import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** A real SMTP server that keeps what it gets. */
export interface SpecMailServer {
  readonly url: string;
  readonly mails: readonly ParsedMail[];
  /** Answers every mail with this code until it is set back to undefined. */
  refuseWith: number | undefined;
  readonly close: () => Promise<void>;
}

export async function specMailServer(): Promise<SpecMailServer> {
  const mails: ParsedMail[] = [];
  const state: { refuseWith: number | undefined } = { refuseWith: undefined };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, _session, done) => {
      if (state.refuseWith === undefined) done();
      else done(Object.assign(new Error('not now'), { responseCode: state.refuseWith }));
    },
    onData: (stream, _session, done) => {
      simpleParser(stream).then(
        (mail) => {
          mails.push(mail);
          done();
        },
        (error: unknown) => done(error as Error),
      );
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    mails,
    get refuseWith() {
      return state.refuseWith;
    },
    set refuseWith(code: number | undefined) {
      state.refuseWith = code;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
