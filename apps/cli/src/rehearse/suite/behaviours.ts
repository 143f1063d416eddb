import { DomainError } from '@millrace/kernel';
import type { CompiledPipeline } from '@millrace/pipelines/compile';
import type { Answer, Behaviour, Call } from '../engine/answer.js';
import type { MockDefinition, WrittenAnswer } from './mock-definition.js';
import type { RecordedOutputs } from './recorded.js';
import type { TestCase } from './test-file.js';

export interface Surroundings {
  readonly pipeline: CompiledPipeline;
  readonly recorded: RecordedOutputs | undefined;
  /** Executes the code of a task. */
  readonly real: Behaviour;
}

/** What stands for the code of each task in a case: its mock, else what was recorded, else its own code if that is allowed. */
export function behavioursOf(test: TestCase, { pipeline, recorded, real }: Surroundings): (task: string) => Behaviour {
  return (task) => (call) => {
    const answer = written(test.mocks.get(task), call);
    if (answer !== undefined) return answer.kind === 'real' ? demandReal(pipeline, call, real) : answerOf(answer, call);
    const text = recorded?.get(task)?.get(call.mapIndex);
    if (text !== undefined) return { kind: 'output', text };
    const allowed = Array.isArray(test.real) ? test.real.includes(task) : test.real;
    if (allowed && pipeline.spec.tasks[task]?.type === 'node') return real(call);
    throw new DomainError('invalid', 'test.no_mock', `the task "${shown(call)}" has no mock`, {
      details: [
        {
          code: 'test.no_mock',
          message: `the task "${shown(call)}" has no mock`,
          hint: `write mocks: { ${task}: { output: … } }${pipeline.spec.tasks[task]?.type === 'node' ? ', or `real: true` to run its code' : ''}`,
        },
      ],
    });
  };
}

function shown({ task, mapIndex }: Call): string {
  return mapIndex < 0 ? task : `${task}[${mapIndex}]`;
}

/** The answer for this try; a shorter list ends with the answer that is repeated. */
function written(mock: MockDefinition | undefined, call: Call): WrittenAnswer | undefined {
  if (mock === undefined) return undefined;
  const tries = mock.kind === 'tries' ? mock.tries : mock.items[call.mapIndex];
  // Losses make the same try again, so that attempts are what answers are counted by.
  return tries?.[Math.min(call.attempt, tries.length) - 1];
}

function answerOf(answer: Exclude<WrittenAnswer, { readonly kind: 'real' }>, call: Call): Answer {
  return answer.kind === 'output'
    ? { kind: 'output', text: call.render(answer.template), delayMs: answer.delayMs }
    : answer;
}

function demandReal(pipeline: CompiledPipeline, call: Call, real: Behaviour): Answer | Promise<Answer> {
  const type = pipeline.spec.tasks[call.task]?.type;
  if (type === 'node') return real(call);
  throw new DomainError(
    'invalid',
    'test.not_real',
    `"${call.task}" is of type ${type ?? ''}: only node tasks can be real`,
  );
}
