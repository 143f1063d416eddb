import { answer, type Schemas } from '@millrace/clients';
import { Argument, type Command, Option } from 'commander';
import type { Act } from '../action.js';
import type { Cli } from '../cli.js';
import { moment } from '../terminal/format.js';
import { collect } from './listing.js';
import { onlyOne } from './named.js';

type Role = Schemas['Member']['role'];
type InvitedRole = Schemas['NewInvitation']['role'];
const invitedRoles: readonly InvitedRole[] = ['admin', 'editor', 'operator', 'viewer'];
const roles: readonly Role[] = ['owner', ...invitedRoles];

/** `members list|role|rm|invite|invitations|uninvite`. */
export function addMemberCommands(program: Command, act: Act): void {
  const members = program.command('members').description('The people of the organization.');
  members.command('list', { isDefault: true }).description('List the members.').action(act<[object]>(list));
  members
    .command('role <member>')
    .description('Give a member (e-mail address or id) another role.')
    .addArgument(new Argument('<role>', 'The role.').choices(roles))
    .action(act<[string, Role, object]>(changeRole));
  members
    .command('rm <member>')
    .description('Take a member (e-mail address or id) out of the organization.')
    .action(act<[string, object]>(remove));
  members
    .command('invite <email>')
    .description('Invite somebody; the link is mailed and printed, and good once.')
    .addOption(new Option('--role <role>', 'The role to come.').choices(invitedRoles).default('viewer'))
    .action(act<[string, { readonly role: InvitedRole }]>(invite));
  members.command('invitations').description('List the invitations.').action(act<[object]>(invitations));
  members
    .command('uninvite <invitation>')
    .description('Revoke an invitation (e-mail address or id).')
    .action(act<[string, object]>(uninvite));
}

async function list(cli: Cli): Promise<void> {
  const { output } = cli;
  const found = await collect((await cli.client()).list('/v1/members', {}));
  output.result(
    { data: found },
    () =>
      output.table(found, [
        { title: 'E-MAIL', value: ({ email }) => email },
        { title: 'NAME', value: ({ name }) => name },
        { title: 'ROLE', value: ({ role }) => role },
        { title: 'SINCE', value: ({ createdAt }) => moment(createdAt) },
        { title: 'ID', value: ({ userId }) => userId },
      ]),
    found.map(({ userId }) => userId),
  );
}

async function find(cli: Cli, ref: string): Promise<Schemas['Member']> {
  const members = await collect((await cli.client()).list('/v1/members', {}));
  const meant = members.filter(({ userId, email }) => userId === ref || email.toLowerCase() === ref.toLowerCase());
  return onlyOne(
    'member',
    ref,
    meant.map((member) => ({ ...member, id: member.userId })),
  );
}

async function changeRole(cli: Cli, ref: string, role: Role): Promise<void> {
  const { userId } = await find(cli, ref);
  const { api } = await cli.client();
  const changed = await answer(api.PATCH('/v1/members/{user}', { params: { path: { user: userId } }, body: { role } }));
  cli.output.result(changed, () => cli.output.line(`${changed.email} is ${changed.role} now.`), changed.role);
}

async function remove(cli: Cli, ref: string): Promise<void> {
  const { userId, email } = await find(cli, ref);
  await (await cli.client()).api.DELETE('/v1/members/{user}', { params: { path: { user: userId } } });
  cli.output.result({ userId, removed: true }, () => cli.output.line(`${email} is no member any more.`), userId);
}

async function invite(cli: Cli, email: string, { role }: { readonly role: InvitedRole }): Promise<void> {
  const { url } = await cli.account();
  const made = await answer((await cli.client()).api.POST('/v1/invitations', { body: { email, role } }));
  // Behind `#`, where no server's log gets to see it.
  const link = `${url}/invitation#${made.token}`;
  cli.output.note(`Invited ${made.email} as ${made.role}, until ${moment(made.expiresAt)}. The link:`);
  cli.output.result({ ...made, link }, () => cli.output.line(link), link);
}

async function invitations(cli: Cli): Promise<void> {
  const { output } = cli;
  const found = await collect((await cli.client()).list('/v1/invitations', {}));
  output.result(
    { data: found },
    () =>
      output.table(found, [
        { title: 'E-MAIL', value: ({ email }) => email },
        { title: 'ROLE', value: ({ role }) => role },
        { title: 'STATE', value: ({ state }) => state },
        { title: 'EXPIRES', value: ({ expiresAt }) => moment(expiresAt) },
        { title: 'ID', value: ({ id }) => id },
      ]),
    found.map(({ id }) => id),
  );
}

async function uninvite(cli: Cli, ref: string): Promise<void> {
  const known = await collect((await cli.client()).list('/v1/invitations', {}));
  const meant = known.filter(
    ({ id, email, state }) => id === ref || (state === 'pending' && email.toLowerCase() === ref.toLowerCase()),
  );
  const { id, email } = onlyOne('invitation', ref, meant);
  await (await cli.client()).api.DELETE('/v1/invitations/{invitation}', { params: { path: { invitation: id } } });
  cli.output.result({ id, revoked: true }, () => cli.output.line(`Revoked the invitation of ${email}.`), id);
}
