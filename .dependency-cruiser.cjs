/**
 * Who may import whom. The graph is that of the TypeScript sources; a workspace package imported by its name appears
 * as its built declarations (`libs/<name>/dist/`). A new arrow needs an ADR before it needs a line here.
 */

/** Each package and the packages of ours that it may import (specs may also import testing). */
const allowed = {
  'libs/kernel': [],
  'libs/contracts': ['libs/kernel'],
  'libs/workflows': ['libs/kernel', 'libs/contracts'],
  'libs/redaction': ['libs/kernel'],
  'libs/expressions': ['libs/kernel'],
  'libs/object-store': ['libs/kernel'],
  'libs/sandbox': ['libs/kernel', 'libs/contracts'],
  'libs/tasks': ['libs/kernel', 'libs/contracts'],
  'libs/platform': ['libs/kernel'],
  migrations: [],
  'libs/database': ['libs/kernel', 'migrations'],
  'libs/temporal': ['libs/kernel', 'libs/contracts'],
  'libs/embedded': ['libs/kernel', 'libs/temporal'],
  'libs/tenancy': ['libs/kernel', 'libs/contracts', 'libs/database'],
  'libs/billing': ['libs/kernel', 'libs/contracts', 'libs/database', 'libs/tenancy'],
  'libs/pipelines': [
    'libs/kernel',
    'libs/contracts',
    'libs/database',
    'libs/expressions',
    'libs/object-store',
    'libs/tasks',
    'libs/tenancy',
  ],
  'libs/pools': ['libs/kernel', 'libs/contracts', 'libs/database', 'libs/tenancy', 'libs/billing'],
  'libs/runs': [
    'libs/kernel',
    'libs/contracts',
    'libs/database',
    'libs/expressions',
    'libs/object-store',
    'libs/tenancy',
    'libs/billing',
    'libs/pipelines',
  ],
  'libs/testing': [
    'libs/kernel',
    'libs/contracts',
    'libs/database',
    'libs/embedded',
    'libs/object-store',
    'libs/temporal',
  ],
  // The runner holds no database and knows no context.
  'apps/runner': [
    'libs/kernel',
    'libs/contracts',
    'libs/platform',
    'libs/redaction',
    'libs/sandbox',
    'libs/tasks',
    'libs/temporal',
  ],
  'libs/clients': ['libs/kernel'],
  'libs/sdk': ['libs/kernel'],
  'libs/alerts': ['libs/kernel', 'libs/contracts', 'libs/database', 'libs/tenancy', 'libs/billing'],
  // The command line speaks to a platform through the public API; validating and rehearsing a bundle needs no platform.
  'apps/cli': [
    'libs/kernel',
    'libs/clients',
    'libs/contracts',
    'libs/expressions',
    'libs/pipelines',
    'libs/sdk',
    'libs/tasks',
    'libs/workflows',
  ],
  'apps/console': ['libs/clients'],
  // The tour speaks to the platform through the client library, like any other program.
  'apps/standalone': [
    'libs/kernel',
    'libs/clients',
    'libs/database',
    'libs/embedded',
    'libs/platform',
    'libs/temporal',
  ],
};

/** Specs and what they are made of: files named `spec-…` and folders called `testing` inside a package. */
const spec = '[.]spec[.]ts$|/spec-[^/]+[.]ts$|^(libs|apps)/[^/]+/src/testing/';

const packageRules = Object.entries(allowed).map(([folder, targets]) => ({
  name: `only-allowed-packages-from-${folder.replace('/', '-')}`,
  comment: `${folder} may import ${targets.length === 0 ? 'none of our packages' : targets.join(', ')}`,
  severity: 'error',
  from: { path: `^${folder}/src/`, pathNot: spec },
  to: { path: `^(libs|apps|migrations)/`, pathNot: `^(${[folder, ...targets].join('|')})/` },
}));

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'A cycle means that two files are one idea, or that an arrow points the wrong way.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'not-resolvable',
      comment: 'An import that resolves to nothing, or to a package that package.json does not name.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-undeclared-packages',
      comment: 'What a package imports stands in its own package.json.',
      severity: 'error',
      from: { path: '^((libs|apps)/[^/]+|migrations)/src/', pathNot: spec },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    ...packageRules,
    {
      name: 'apps-are-not-imported',
      comment: 'An app is a process; what two of them need lives in a library.',
      severity: 'error',
      from: { path: '^(libs|migrations)/' },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-do-not-import-apps',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'packages-only-by-their-name',
      comment: 'Another package is imported by its name, never by a path into its sources.',
      severity: 'error',
      from: { path: '^(libs|apps)/([^/]+)/src/' },
      to: { path: '^(libs|apps|migrations)/.*src/', pathNot: '^$1/$2/src/' },
    },
    {
      name: 'testing-only-in-specs',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: `${spec}|^libs/testing/` },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'nest-only-at-the-edge',
      comment: 'Nest is wiring: *.module.ts, platform and the apps.',
      severity: 'error',
      from: { path: '^libs/', pathNot: '[.]module[.]ts$|^libs/platform/' },
      to: { path: 'node_modules/@nestjs/' },
    },
    {
      name: 'typeorm-only-in-pg-adapters',
      severity: 'error',
      from: {
        path: '^(libs|apps)/',
        pathNot: `/adapters/pg/|^libs/database/|^libs/testing/|[.]module[.]ts$|${spec}`,
      },
      // A type does no query: the edge of a process may watch its connection pool.
      to: { path: 'node_modules/typeorm/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'stripe-only-in-its-adapter',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: '^libs/billing/src/adapters/stripe/' },
      to: { path: 'node_modules/stripe/' },
    },
    {
      name: 'task-runners-only-in-runner',
      comment: 'The code that executes tasks is for apps/runner alone; everyone else needs the catalogue.',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: `^apps/runner/|^libs/tasks/|${spec}` },
      to: { path: '^libs/tasks/(src|dist)/runners[.]' },
    },
    {
      name: 'workflows-are-deterministic',
      comment: 'Workflow code has no I/O, no clock and no schema library at run time.',
      severity: 'error',
      from: { path: '^libs/workflows/src/', pathNot: spec },
      to: {
        path: '.',
        pathNot: '^libs/(workflows|contracts|kernel)/|node_modules/@temporalio/(workflow|common)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'specs-are-not-imported',
      comment: 'The program never loads what only its specs need.',
      severity: 'error',
      from: { pathNot: spec },
      to: { path: spec, pathNot: 'node_modules' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|^(libs|apps)/[^/]+/dist/|^migrations/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'default', 'node'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
      mainFields: ['types', 'main'],
    },
    cache: { folder: 'node_modules/.cache/dependency-cruiser', strategy: 'metadata' },
  },
};
