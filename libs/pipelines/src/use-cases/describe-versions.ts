import type { DeployedVersion } from '../deployment.js';

/** What a deployment did, a line a pipeline. */
export function describeVersions(versions: readonly DeployedVersion[]): string {
  const lines = versions.map(({ pipeline, number, isNew, activated }) => {
    const what = isNew ? `version ${number}` : `version ${number}, which was there already`;
    return `${pipeline}: ${what}${activated ? ', now active' : ', not activated'}\n`;
  });
  return lines.join('');
}
