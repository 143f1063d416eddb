import { Module } from '@nestjs/common';
import { LogIn, SignUp } from '@millrace/tenancy';
import { furnishEnvironment } from '../environments/furnish.js';
import { AccountMail } from '../account/account-mail.js';
import { AcceptGuard, LogInGuard, SignUpGuard } from './guards.js';
import { LogInLimits } from './login-limits.js';
import { SessionCookie } from './session-cookie.js';
import { SessionController } from './session.controller.js';

@Module({
  controllers: [SessionController],
  providers: [
    { provide: SignUp, useFactory: () => new SignUp(furnishEnvironment) },
    { provide: LogIn, useFactory: () => new LogIn() },
    LogInLimits,
    SessionCookie,
    AccountMail,
    LogInGuard,
    SignUpGuard,
    AcceptGuard,
  ],
  exports: [LogInLimits, AcceptGuard, SessionCookie, AccountMail],
})
export class SessionModule {}
