import { Body, Controller, Delete, Get, Inject, Param, Patch, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { TenantDatabase, type TenantTransaction } from '@millrace/database';
import { DomainError } from '@millrace/kernel';
import { changeRole, getMember, listMembers, type MemberActor, removeMember } from '@millrace/tenancy';
import type { z } from 'zod';
import {
  Caller,
  cursorOf,
  Edits,
  Mutation,
  Operation,
  Requires,
  Shows,
  toPage,
  Tx,
  type Versioning,
} from '../../edge/index.js';
import { listQuery, member, memberPage, memberPath, patchMember } from './member.schema.js';

/** An API key that may manage acts as an admin: it can make nobody an owner. */
function actorOf(caller: Caller): MemberActor {
  const { tenantId, actor, requestId, member: person } = caller;
  return { tenantId, actor, requestId, role: person?.role ?? 'admin' };
}

const versioning: Versioning = {
  noun: 'member',
  read: (tx, _caller, { path }) => getMember(tx, path['user'] ?? ''),
};

@ApiTags('Members')
@Controller('v1/members')
export class MembersController {
  constructor(@Inject(TenantDatabase) private readonly tenants: TenantDatabase) {}

  @Get()
  @Requires('read', 'organization')
  @Operation({ id: 'listMembers', summary: 'List members', response: memberPage })
  list(
    @Caller() caller: Caller,
    @Query({ schema: listQuery }) query: z.infer<typeof listQuery>,
  ): Promise<z.infer<typeof memberPage>> {
    return this.tenants.read(caller.tenantId, async (tx) => {
      const [after] = cursorOf(query, 1) ?? [];
      const rows = await listMembers(tx, { after, limit: query.limit + 1 });
      return toPage(
        rows,
        query,
        (row) => [row.userId],
        (row) => row,
      );
    });
  }

  @Get(':user')
  @Requires('read', 'organization')
  @Shows(versioning)
  @Operation({ id: 'getMember', summary: 'Show a member', response: member })
  get(
    @Caller() caller: Caller,
    @Param({ schema: memberPath }) path: z.infer<typeof memberPath>,
  ): Promise<z.infer<typeof member>> {
    return this.tenants.read(caller.tenantId, (tx) => getMember(tx, path.user));
  }

  @Patch(':user')
  @Requires('manage', 'organization')
  @Mutation()
  @Edits(versioning)
  @Operation({
    id: 'patchMember',
    summary: 'Change the role of a member',
    response: member,
    problems: { 409: 'The last owner stays one.' },
  })
  patch(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: memberPath }) path: z.infer<typeof memberPath>,
    @Body({ schema: patchMember }) body: z.infer<typeof patchMember>,
  ): Promise<z.infer<typeof member>> {
    return changeRole(tx, actorOf(caller), path.user, body.role);
  }

  @Delete(':user')
  @Requires('read', 'organization')
  @Mutation()
  @Edits(versioning)
  @Operation({
    id: 'removeMember',
    summary: 'Remove a member, or leave',
    description: 'Whoever removes somebody else needs the scope `manage`.',
    problems: { 409: 'The last owner cannot leave.' },
  })
  remove(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: memberPath }) path: z.infer<typeof memberPath>,
  ): Promise<void> {
    if (path.user !== caller.member?.userId && !caller.scopes.includes('manage')) {
      throw new DomainError('forbidden', 'auth.missing_scope', 'removing somebody else needs the scope manage', {
        facts: { neededScope: 'manage' },
      });
    }
    return removeMember(tx, actorOf(caller), path.user);
  }
}
