import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunnerAssignment } from '@millrace/contracts/assignment';
import type { TemporalTarget } from '@millrace/temporal';

/** Puts the certificates of the assignment where the SDK reads them: files of this runner's own. */
export async function temporalTargetOf({ temporal, home }: RunnerAssignment): Promise<TemporalTarget> {
  const place = async (name: string, text: string | undefined): Promise<string | undefined> => {
    if (text === undefined) return undefined;
    const path = join(home, name);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };
  return {
    address: temporal.address,
    namespace: temporal.namespace,
    tls: temporal.tls,
    tlsCaFile: await place('temporal-ca.pem', temporal.ca),
    tlsCertFile: await place('temporal-cert.pem', temporal.cert),
    tlsKeyFile: await place('temporal-key.pem', temporal.key),
    apiKey: temporal.apiKey,
  };
}
