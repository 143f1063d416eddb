import { DomainError } from '@millrace/kernel';

/** Where objects are kept in S3: `s3://bucket/prefix?endpoint=https://…&region=…&pathStyle=true`. */
export interface S3Location {
  readonly bucket: string;
  /** Empty, or ends in `/`. */
  readonly prefix: string;
  /** A server other than AWS. */
  readonly endpoint: string | undefined;
  readonly region: string | undefined;
  /** The bucket stands in the path instead of the host name; the default where an endpoint is given. */
  readonly pathStyle: boolean;
}

const parameters = new Set(['endpoint', 'region', 'pathStyle']);

function refuse(url: string, problem: string): never {
  throw new DomainError(
    'invalid',
    'object_store.url',
    `${url}: ${problem}; expected s3://bucket/prefix?endpoint=https://host&region=name&pathStyle=true, all but the bucket optional`,
  );
}

/** Reads an `s3:` URL. Throws `object_store.url` that says what is wrong with it. */
export function parseS3Location(text: string): S3Location {
  const url = URL.canParse(text) ? new URL(text) : refuse(text, 'not a URL');
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(url.host)) refuse(text, 'not the name of a bucket');
  if (url.username !== '' || url.password !== '') {
    refuse(
      `s3://${url.host}`,
      'credentials do not belong into the URL: use AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    );
  }
  for (const name of url.searchParams.keys()) if (!parameters.has(name)) refuse(text, `unknown parameter "${name}"`);
  const endpoint = url.searchParams.get('endpoint') ?? undefined;
  if (endpoint !== undefined && (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol))) {
    refuse(text, 'endpoint must be an http(s) URL');
  }
  const pathStyle = url.searchParams.get('pathStyle') ?? String(endpoint !== undefined);
  if (pathStyle !== 'true' && pathStyle !== 'false') refuse(text, 'pathStyle must be true or false');
  const folder = url.pathname.replace(/^\/+|\/+$/g, '');
  return {
    bucket: url.host,
    prefix: folder === '' ? '' : `${decodeURIComponent(folder)}/`,
    endpoint,
    region: url.searchParams.get('region') ?? undefined,
    pathStyle: pathStyle === 'true',
  };
}
