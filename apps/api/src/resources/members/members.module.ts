import { Module } from '@nestjs/common';
import { SessionModule } from '../session/session.module.js';
import { InvitationsController } from './invitations.controller.js';
import { MembersController } from './members.controller.js';

@Module({ imports: [SessionModule], controllers: [MembersController, InvitationsController] })
export class MembersModule {}
