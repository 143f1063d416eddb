/**
 * Gives root's rights up for good: groups first, then the group, then the user. Everything that a pool's runner does
 * happens as the pool's user. Throws where a way back is left.
 */
export function becomeUser(user: { readonly uid: number; readonly gid: number }): void {
  const { getuid, setgroups, setgid, setuid } = process;
  if (getuid === undefined || setgroups === undefined || setgid === undefined || setuid === undefined) {
    throw new Error('this system has no users to become');
  }
  if (getuid.call(process) === user.uid) return;
  setgroups.call(process, [user.gid]);
  setgid.call(process, user.gid);
  setuid.call(process, user.uid);
  let back = false;
  try {
    setuid.call(process, 0);
    back = true;
  } catch {
    // As it should be.
  }
  if (back || getuid.call(process) !== user.uid) throw new Error('root could not be left for good');
}
