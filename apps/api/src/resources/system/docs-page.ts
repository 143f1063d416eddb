import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** Files of swagger-ui that the page needs; nothing else of the package is served, and nothing comes from elsewhere. */
const types = { 'swagger-ui.css': 'text/css', 'swagger-ui-bundle.js': 'text/javascript' } as const;

const start = `window.addEventListener('load', () => {
  SwaggerUIBundle({
    url: '/v1/openapi.json',
    dom_id: '#docs',
    deepLinking: true,
    displayRequestDuration: true,
    tryItOutEnabled: false,
    validatorUrl: null,
    persistAuthorization: false,
  });
});
`;

/** The page of `/docs`. */
export const docsPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Millrace API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<noscript>The description of the API is at <a href="/v1/openapi.json">/v1/openapi.json</a>.</noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

/** Scripts and styles from this server only; swagger-ui sets inline styles and draws data: images. */
export const docsPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export interface Asset {
  readonly type: string;
  readonly body: string | Buffer;
}

function folder(): string {
  // The package comes with @nestjs/swagger, which pins its version.
  const nestSwagger = createRequire(import.meta.url).resolve('@nestjs/swagger');
  return createRequire(nestSwagger)
    .resolve('swagger-ui-dist/swagger-ui.css')
    .replace(/swagger-ui\.css$/, '');
}

const loaded = new Map<string, Asset>();

/** A file of the page; `undefined` for a name that is none. */
export async function docsAsset(name: string): Promise<Asset | undefined> {
  if (name === 'start.js') return { type: 'text/javascript', body: start };
  if (!Object.hasOwn(types, name)) return undefined;
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const asset = { type: types[name as keyof typeof types], body: await readFile(`${folder()}${name}`) };
  loaded.set(name, asset);
  return asset;
}
