/** What a key or a session may do. */
export const scopes = ['read', 'run', 'deploy', 'manage'] as const;
export type Scope = (typeof scopes)[number];

export const roles = ['owner', 'admin', 'editor', 'operator', 'viewer'] as const;
export type Role = (typeof roles)[number];

const scopesByRole: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: ['read'],
  operator: ['read', 'run'],
  editor: ['read', 'run', 'deploy'],
  admin: ['read', 'run', 'deploy', 'manage'],
  owner: ['read', 'run', 'deploy', 'manage'],
};

/** The scopes of a member's session. */
export function scopesOf(role: Role): readonly Scope[] {
  return scopesByRole[role];
}
