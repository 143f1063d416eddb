import { Module } from '@nestjs/common';
import { SessionModule } from '../session/session.module.js';
import { AccountController } from './account.controller.js';
import { ChangePasswordGuard, ForgottenGuard, ResendGuard } from './guards.js';

@Module({
  imports: [SessionModule],
  controllers: [AccountController],
  providers: [ForgottenGuard, ResendGuard, ChangePasswordGuard],
})
export class AccountModule {}
