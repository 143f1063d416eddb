import { hash, verify } from '@node-rs/argon2';

/** Argon2id, 19 MiB, 2 passes: about 15 ms. The parameters are part of the stored text. */
const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const minPasswordLength = 10;
export const maxPasswordLength = 200;

/** The same password typed on two keyboards may be two sequences of code points. */
function normal(password: string): string {
  return password.normalize('NFKC');
}

/** The text that is stored of a password. */
export function hashPassword(password: string): Promise<string> {
  return hash(normal(password), options);
}

let decoy: Promise<string> | undefined;

/** True where the password is the one of the hash. Without a hash it is false, and takes as long. */
export async function matchesPassword(password: string, stored: string | undefined): Promise<boolean> {
  decoy ??= hashPassword('no account has this password');
  const matches = await verify(stored ?? (await decoy), normal(password));
  return matches && stored !== undefined;
}
