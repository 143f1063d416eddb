// What "Try the sample" pushes: every kind of edge in 20 lines, and nothing outside the platform is asked.
const readings = `// Makes a day of readings for each station; a real task would fetch them.
export default async (input: { stations: string[]; hours: number }, ctx: any) => {
  ctx.log.info(\`reading \${input.stations.length} stations\`);
  return input.stations.map((station, at) => ({
    station,
    degrees: Array.from({ length: input.hours }, (_, hour) => Math.round((12 + at * 3 + 6 * Math.sin((hour / 24) * 6.28)) * 10) / 10),
  }));
};
`;
const summarise = `// Called once per station, several at a time.
export default async (input: { station: string; degrees: number[] }, ctx: any) => {
  for (const [hour, degrees] of input.degrees.entries()) {
    if (hour % 6 === 0) ctx.log.info(\`\${String(hour).padStart(2, '0')}:00 \${degrees} °C\`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  const mean = input.degrees.reduce((sum, each) => sum + each, 0) / input.degrees.length;
  return { station: input.station, mean: Math.round(mean * 10) / 10, highest: Math.max(...input.degrees) };
};
`;
const report = `export default async (input: { stations: { station: string; mean: number }[] }, ctx: any) => {
  const warmest = input.stations.reduce((one, other) => (other.mean > one.mean ? other : one));
  ctx.log.info(\`\${warmest.station} is the warmest at \${warmest.mean} °C on average\`);
  return { warmest: warmest.station, stations: input.stations };
};
`;

export const sampleName = 'first-steps';

export const sampleBundle = {
  files: { 'src/readings.ts': readings, 'src/summarise.ts': summarise, 'src/report.ts': report },
  pipelines: [
    {
      pipeline: sampleName,
      description: 'Reads some stations, summarises each on its own, and reports the warmest.',
      params: {
        type: 'object',
        additionalProperties: false,
        properties: {
          hours: {
            type: 'integer',
            minimum: 6,
            maximum: 72,
            default: 24,
            description: 'Hours of readings per station.',
          },
          report: { type: 'boolean', default: true, title: 'Write the report' },
        },
      },
      defaults: { retry: { maxAttempts: 2, delay: '1s' }, timeout: '1m' },
      tasks: {
        readings: {
          type: 'node',
          entry: 'src/readings.ts',
          input: { stations: ['harbour', 'airport', 'hill', 'old town'], hours: '${{ params.hours }}' },
        },
        summarise: {
          type: 'node',
          entry: 'src/summarise.ts',
          needs: ['readings'],
          map: { over: '${{ tasks.readings.output }}', maxConcurrency: 4 },
          input: '${{ item }}',
        },
        settle: { type: 'wait', seconds: 1, needs: ['readings'] },
        report: {
          type: 'node',
          entry: 'src/report.ts',
          needs: ['summarise', 'settle'],
          when: '${{ params.report }}',
          input: { stations: '${{ tasks.summarise.output }}' },
        },
      },
    },
  ],
};
