import { answer } from '@millrace/clients';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client.js';
import type { Pipeline } from '../../api/environment-queries.js';
import { useMay } from '../../api/queries.js';
import { Button } from '../../ui/button.js';
import { useToasts } from '../../ui/toast.js';

/** Pauses a pipeline or lets it go on; nothing for who may not. A deployment does not touch the pause. */
export function PauseButton({
  environment,
  pipeline,
  small = false,
}: {
  readonly environment: string;
  readonly pipeline: Pipeline;
  readonly small?: boolean;
}) {
  const may = useMay('run');
  const toasts = useToasts();
  const queries = useQueryClient();
  const toggle = useMutation({
    mutationFn: async () => {
      const params = { path: { pipeline: pipeline.name }, query: { environment } };
      await (pipeline.paused
        ? answer(api.POST('/v1/pipelines/{pipeline}:unpause', { params }))
        : answer(api.POST('/v1/pipelines/{pipeline}:pause', { params })));
    },
    onSuccess: () => toasts.done(`${pipeline.name} ${pipeline.paused ? 'takes runs again' : 'takes no new runs'}.`),
    onError: toasts.failed,
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['pipelines', environment] }),
        queries.invalidateQueries({ queryKey: ['pipeline', environment, pipeline.name] }),
      ]),
  });
  if (!may) return null;
  const word = pipeline.paused ? 'Unpause' : 'Pause';
  const busy = toggle.isPending;
  if (small) {
    return (
      <Button
        size="small"
        variant="quiet"
        icon={pipeline.paused ? 'runs' : 'pause'}
        label={`${word} ${pipeline.name}`}
        busy={busy}
        onClick={() => toggle.mutate()}
      />
    );
  }
  return (
    <Button icon={pipeline.paused ? 'runs' : 'pause'} busy={busy} onClick={() => toggle.mutate()}>
      {word}
    </Button>
  );
}
