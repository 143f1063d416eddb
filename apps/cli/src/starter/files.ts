/** Files of a starter project by path. */
export function starter(project: string, kind: 'yaml' | 'sdk'): ReadonlyMap<string, string> {
  return new Map([
    ...(kind === 'yaml' ? yamlFiles() : sdkFiles()),
    ...sourceFiles(),
    ...testFiles(),
    ...aboutFiles(project, kind),
  ]);
}

function yamlFiles(): [string, string][] {
  return [
    [
      'pipelines/hello.yaml',
      `pipeline: hello
description: Greets everybody on a list.
params:
  type: object
  additionalProperties: false
  properties:
    names:
      type: array
      items: { type: string }
      default: [Ada, Grace, Katherine]
defaults:
  timeout: 1m
  retry: { maxAttempts: 3, delay: 1s }
tasks:
  check:
    type: node
    entry: src/check.ts
    input: { names: "\${{ params.names }}" }
  greet:
    type: node
    entry: src/greet.ts
    needs: [check]
    map: { over: "\${{ tasks.check.output.names }}" }
    input: { name: "\${{ item }}" }
  report:
    type: node
    entry: src/report.ts
    needs: [greet]
    input: { greetings: "\${{ tasks.greet.output }}" }
`,
    ],
  ];
}

function sdkFiles(): [string, string][] {
  return [
    [
      'pipelines/hello.ts',
      `import { pipeline, schema } from '@millrace/sdk';

export const hello = pipeline(
  'hello',
  {
    description: 'Greets everybody on a list.',
    params: { names: schema.list(schema.string(), { default: ['Ada', 'Grace', 'Katherine'] }) },
    defaults: { timeout: '1m', retry: { maxAttempts: 3, delay: '1s' } },
  },
  (p) => {
    const check = p.node('check', () => import('../src/check.js'), { input: { names: p.params.names } });
    const greet = p.each(check.output.names, (each) =>
      each.node('greet', () => import('../src/greet.js'), { input: { name: each.item } }),
    );
    p.node('report', () => import('../src/report.js'), { input: { greetings: greet.output } });
  },
);
`,
    ],
  ];
}

function sourceFiles(): [string, string][] {
  return [
    [
      'src/check.ts',
      `/** The names that can be greeted. */
export default function check(input: { names: string[] }): { names: string[] } {
  const names = input.names.map((name) => name.trim()).filter((name) => name !== '');
  if (names.length === 0) throw Object.assign(new Error('there is nobody to greet'), { retryable: false });
  return { names };
}
`,
    ],
    [
      'src/greet.ts',
      `/** One greeting; runs once for each name. */
export default function greet(
  input: { name: string },
  ctx: { log: { info(message: string): void } },
): { greeting: string } {
  ctx.log.info(\`greeting \${input.name}\`);
  return { greeting: \`Hello, \${input.name}!\` };
}
`,
    ],
    [
      'src/report.ts',
      `/** All greetings in one. */
export default function report(input: { greetings: { greeting: string }[] }): { count: number; text: string } {
  return { count: input.greetings.length, text: input.greetings.map(({ greeting }) => greeting).join(' ') };
}
`,
    ],
  ];
}

function testFiles(): [string, string][] {
  return [
    [
      'tests/hello.test.yaml',
      `pipeline: hello

cases:
  - name: everybody is greeted
    params: { names: [Ada, " Grace "] }
    # The code runs as it is.
    real: [check, greet, report]
    expect:
      tasks: { greet: { state: succeeded, instances: 2 } }
      outputs: { report: { count: 2, text: "Hello, Ada! Hello, Grace!" } }

  - name: one greeting that fails for good stops the report
    params: { names: [Ada, Grace] }
    mocks:
      check: { output: { names: [Ada, Grace] } }
      greet:
        items:
          - { output: { greeting: hi } }
          - { error: hoarse }
    expect:
      state: failed
      tasks: { report: upstream_failed }
`,
    ],
  ];
}

function aboutFiles(project: string, kind: 'yaml' | 'sdk'): [string, string][] {
  return [
    ['.millraceignore', '# What is not part of the bundle; patterns as in .gitignore.\nREADME.md\ntests/\n'],
    ['.gitignore', 'node_modules/\n.env\n'],
    [
      'README.md',
      `# ${project}

\`\`\`sh
millrace validate               # check it, on this computer
millrace test                   # rehearse it, on this computer
millrace push                   # deploy it
millrace run hello --watch      # run it
millrace run hello --watch --param 'names:=["Linus"]'
\`\`\`
${kind === 'yaml' ? '' : sdkNote}`,
    ],
  ];
}

const sdkNote = `
Types for the editor, from your platform: \`npm i --no-save <address of the platform>/downloads/millrace-sdk.tgz\`
`;
