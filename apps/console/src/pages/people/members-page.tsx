import { answer, type Schemas } from '@millrace/clients';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, session } from '../../api/client.js';
import { given } from '../../api/environment-queries.js';
import { fieldMessages } from '../../api/problems.js';
import { useList, useMay, useMe } from '../../api/queries.js';
import { Badge, StateBadge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { ConfirmButton } from '../../ui/confirm.js';
import { CodeBlock } from '../../ui/code.js';
import { Dialog, FormDialog } from '../../ui/dialog.js';
import { SelectField, TextField } from '../../ui/field.js';
import { ListView } from '../../ui/list-view.js';
import { Page, Section } from '../../ui/page.js';
import { EmptyState, ErrorState, Notice } from '../../ui/states.js';
import type { Column } from '../../ui/table.js';
import { RelativeTime } from '../../ui/time.js';
import { useToasts } from '../../ui/toast.js';

type Member = Schemas['Member'];
type Invitation = Schemas['Invitation'];
type Role = Member['role'];

const roles: readonly (readonly [Role, string])[] = [
  ['owner', 'everything, and other owners'],
  ['admin', 'members, keys, secrets, pools, and all below'],
  ['editor', 'pushes pipelines, and all below'],
  ['operator', 'starts, cancels and pauses, and all below'],
  ['viewer', 'reads'],
];

function RoleOptions({ withOwner }: { readonly withOwner: boolean }) {
  return roles
    .filter(([role]) => withOwner || role !== 'owner')
    .map(([role, words]) => (
      <option key={role} value={role}>
        {role}: {words}
      </option>
    ));
}

function useRefresh(): () => Promise<unknown> {
  const queries = useQueryClient();
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['members'] }),
      queries.invalidateQueries({ queryKey: ['invitations'] }),
      queries.invalidateQueries({ queryKey: ['me'] }),
    ]);
}

function InviteDialog({ onClose }: { readonly onClose: () => void }) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Exclude<Role, 'owner'>>('editor');
  const refresh = useRefresh();
  const invite = useMutation({
    mutationFn: () => answer(api.POST('/v1/invitations', { body: { email: email.trim(), role } })),
    onSuccess: refresh,
  });
  const messages = fieldMessages(invite.error);
  if (invite.data !== undefined) {
    const link = `${window.location.origin}/invitation#${invite.data.token}`;
    return (
      <Dialog
        title={`Invitation for ${invite.data.email}`}
        onClose={onClose}
        actions={
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        }
      >
        <div className="stack">
          <p>
            Send this link to <strong>{invite.data.email}</strong>. It is shown once, is good for one person, and ends{' '}
            <RelativeTime at={invite.data.expiresAt} />.
          </p>
          <CodeBlock label="Link of the invitation" code={link} wrap />
        </div>
      </Dialog>
    );
  }
  return (
    <FormDialog
      title="Invite a person"
      submit="Make the invitation"
      busy={invite.isPending}
      onSubmit={() => invite.mutate()}
      onClose={onClose}
    >
      {invite.error !== null && Object.keys(messages).length === 0 && <ErrorState error={invite.error} />}
      <TextField
        label="E-mail address"
        type="email"
        autoComplete="off"
        value={email}
        error={messages['email']}
        onChange={(event) => setEmail(event.target.value)}
      />
      <SelectField
        label="Role"
        value={role}
        error={messages['role']}
        onChange={(event) => setRole(event.target.value as Exclude<Role, 'owner'>)}
      >
        <RoleOptions withOwner={false} />
      </SelectField>
    </FormDialog>
  );
}

function RoleDialog({ member, onClose }: { readonly member: Member; readonly onClose: () => void }) {
  const [role, setRole] = useState<Role>(member.role);
  const me = useMe();
  const toasts = useToasts();
  const refresh = useRefresh();
  const save = useMutation({
    mutationFn: () =>
      answer(api.PATCH('/v1/members/{user}', { params: { path: { user: member.userId } }, body: { role } })),
    onSuccess: async () => {
      toasts.done(`${member.name} is ${role} now.`);
      onClose();
      await refresh();
    },
  });
  return (
    <FormDialog
      title={`Role of ${member.name}`}
      submit="Change"
      busy={save.isPending}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      {save.error !== null && <ErrorState error={save.error} />}
      <SelectField label="Role" value={role} onChange={(event) => setRole(event.target.value as Role)}>
        <RoleOptions withOwner={me.data?.role === 'owner'} />
      </SelectField>
    </FormDialog>
  );
}

function Invitations() {
  const refresh = useRefresh();
  const invitations = useList<Invitation>(['invitations'], (cursor, signal) =>
    answer(api.GET('/v1/invitations', { params: { query: given({ cursor }) }, signal })),
  );
  const columns: readonly Column<Invitation>[] = [
    { name: 'email', head: 'E-mail address', cell: (invitation) => invitation.email },
    { name: 'role', head: 'Role', narrow: true, cell: (invitation) => invitation.role },
    { name: 'state', head: 'State', narrow: true, cell: (invitation) => <StateBadge state={invitation.state} /> },
    { name: 'ends', head: 'Ends', narrow: true, cell: (invitation) => <RelativeTime at={invitation.expiresAt} /> },
    {
      name: 'actions',
      head: <span className="visually-hidden">Actions</span>,
      narrow: true,
      align: 'right',
      cell: (invitation) =>
        invitation.state === 'pending' && (
          <ConfirmButton
            name="Take back"
            of={`the invitation for ${invitation.email}`}
            title="Take the invitation back"
            submit="Take it back"
            done="Invitation taken back."
            act={async () => {
              const params = { path: { invitation: invitation.id } };
              await answer(api.DELETE('/v1/invitations/{invitation}', { params }));
              await refresh();
            }}
          >
            The link for {invitation.email} is no longer good.
          </ConfirmButton>
        ),
    },
  ];
  return (
    <Section title="Invitations">
      <ListView
        list={invitations}
        caption="Invitations"
        columns={columns}
        rowKey={(invitation) => invitation.id}
        empty={<EmptyState icon="members" title="Nobody is invited" />}
      />
    </Section>
  );
}

/** The people of the organization and what they may do. */
export function MembersPage() {
  const me = useMe();
  const mayManage = useMay('manage');
  const refresh = useRefresh();
  const [isInviting, setInviting] = useState(false);
  const [changing, setChanging] = useState<Member>();
  const members = useList<Member>(['members', 'list'], (cursor, signal) =>
    answer(api.GET('/v1/members', { params: { query: given({ cursor }) }, signal })),
  );
  const own = me.data?.person?.id;
  const remove = async (member: Member): Promise<void> => {
    await answer(api.DELETE('/v1/members/{user}', { params: { path: { user: member.userId } } }));
    if (member.userId === own) await session.leave().catch(() => undefined);
    else await refresh();
  };
  const columns: readonly Column<Member>[] = [
    {
      name: 'name',
      head: 'Name',
      cell: (member) => (
        <span className="row">
          <strong>{member.name}</strong>
          {member.userId === own && <Badge>You</Badge>}
        </span>
      ),
    },
    { name: 'email', head: 'E-mail address', cell: (member) => <span className="muted">{member.email}</span> },
    { name: 'role', head: 'Role', narrow: true, cell: (member) => member.role },
    {
      name: 'since',
      head: 'Since',
      narrow: true,
      minor: true,
      cell: (member) => <RelativeTime at={member.createdAt} />,
    },
    {
      name: 'actions',
      head: <span className="visually-hidden">Actions</span>,
      narrow: true,
      align: 'right',
      cell: (member) => (
        <>
          {mayManage && (
            <Button size="small" variant="quiet" onClick={() => setChanging(member)}>
              Role<span className="visually-hidden"> of {member.name}</span>
            </Button>
          )}
          {(mayManage || member.userId === own) && (
            <ConfirmButton
              name={member.userId === own ? 'Leave' : 'Remove'}
              of={member.userId === own ? 'the organization' : member.name}
              title={member.userId === own ? 'Leave the organization' : `Remove ${member.name}`}
              submit={member.userId === own ? 'Leave' : 'Remove'}
              done={member.userId === own ? 'You have left.' : `${member.name} removed.`}
              act={() => remove(member)}
            >
              {member.userId === own
                ? 'You lose access at once; somebody else has to invite you again.'
                : `${member.name} loses access at once. API keys that were made by them stay.`}
            </ConfirmButton>
          )}
        </>
      ),
    },
  ];
  return (
    <Page
      title="Members"
      actions={
        mayManage && (
          <Button variant="primary" icon="plus" onClick={() => setInviting(true)}>
            Invite
          </Button>
        )
      }
    >
      <ListView
        list={members}
        caption="Members"
        columns={columns}
        rowKey={(member) => member.userId}
        empty={<Notice>The organization has no member.</Notice>}
      />
      {mayManage && <Invitations />}
      {isInviting && <InviteDialog onClose={() => setInviting(false)} />}
      {changing !== undefined && <RoleDialog member={changing} onClose={() => setChanging(undefined)} />}
    </Page>
  );
}
