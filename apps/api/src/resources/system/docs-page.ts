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
    defaultModelsExpandDepth: 0,
    tagsSorter: (a, b) => Number(a === 'System') - Number(b === 'System') || a.localeCompare(b),
  });
});
`;

/** No margin around the page, and no column for links between operations, of which there are none. */
const style = `body { margin: 0; }
.topbar { display: flex; gap: 1.5rem; padding: 0.9rem 1.25rem; background: #1f2937; font: 600 14px/1.4 sans-serif; }
.topbar a { color: #f9fafb; text-decoration: none; }
.topbar a:hover, .topbar a:focus { text-decoration: underline; }
.swagger-ui .info { margin: 1.5rem 0; }
.swagger-ui .scheme-container { margin: 0; padding: 0.75rem 0; box-shadow: none; border-bottom: 1px solid #e5e7eb; }
.swagger-ui .response-col_links { display: none; }
`;

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#1f2937"/><circle cx="16" cy="16" r="8" fill="none" stroke="#f9fafb" stroke-width="3"/><path d="M16 4v24M4 16h24" stroke="#f9fafb" stroke-width="2"/></svg>
`;

const made: Readonly<Record<string, Asset>> = {
  'start.js': { type: 'text/javascript', body: start },
  'page.css': { type: 'text/css', body: style },
  'icon.svg': { type: 'image/svg+xml', body: icon },
};

/** The page of `/docs`. */
export const docsPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Millrace API</title>
<link rel="icon" type="image/svg+xml" href="/docs/icon.svg">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="stylesheet" href="/docs/page.css">
</head>
<body>
<nav class="topbar"><a href="/">Millrace</a><a href="/v1/openapi.json">OpenAPI document</a></nav>
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
  if (Object.hasOwn(made, name)) return made[name];
  if (!Object.hasOwn(types, name)) return undefined;
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const asset = { type: types[name as keyof typeof types], body: await readFile(`${folder()}${name}`) };
  loaded.set(name, asset);
  return asset;
}
