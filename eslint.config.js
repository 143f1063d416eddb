import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

const message = {
  enum: 'Use a closed union of string literals instead of an enum.',
  defaultExport: 'Use named exports.',
  exportAll: 'Name what is exported; `export *` hides it.',
  environment: 'Only config.ts reads process.env; pass the value in.',
  moduleMock: 'Give the subject a fake from libs/testing instead of vi.mock.',
};

const restricted = [
  { selector: 'TSEnumDeclaration', message: message.enum },
  { selector: 'ExportDefaultDeclaration', message: message.defaultExport },
  { selector: 'ExportAllDeclaration', message: message.exportAll },
  {
    selector: "CallExpression[callee.object.name='vi'][callee.property.name=/^(mock|doMock|unmock)$/]",
    message: message.moduleMock,
  },
];
const environment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: message.environment,
};

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', 'samples/', 'coverage/', '.millrace/', 'libs/clients/src/generated/'] },
  eslint.configs.recommended,
  // Names and log lines are cleaned of control characters, which have to be written somewhere.
  { rules: { 'no-control-regex': 'off' } },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.config.ts', 'apps/*/vite.config.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'no-restricted-syntax': ['error', ...restricted, environment],
    },
  },
  // Nest reads constructor types at run time, so a type-only import there breaks injection.
  {
    files: ['apps/api/src/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    // What runs inside a sandbox has no other way to be told anything than its environment.
    files: ['**/config.ts', '**/*.spec.ts', 'test/**/*.ts', 'libs/sandbox/src/init/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...restricted] },
  },
  // What an HTTP client of a spec returns is `any`; the expectations are what checks it.
  {
    files: ['**/*.spec.ts', 'apps/*/src/testing/**/*.ts', 'test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  // Tools insist on a default export in their configuration files.
  {
    files: ['*.config.ts', 'apps/*/vite.config.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        AbortSignal: 'readonly',
        Buffer: 'readonly',
        console: 'readonly',
        fetch: 'readonly',
        module: 'writable',
        performance: 'readonly',
        process: 'readonly',
        require: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        URL: 'readonly',
      },
    },
  },
);
