import { answer, type Schemas } from '@millrace/clients';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { fieldMessages } from '../../api/problems.js';
import { FormDialog } from '../../ui/dialog.js';
import { SelectField, TextField } from '../../ui/field.js';
import { type IfSeen, SaveError } from '../../ui/fresh.js';
import { useToasts } from '../../ui/toast.js';

export type Pool = Schemas['Pool'];

export const sizes: readonly Pool['size'][] = ['xs', 's', 'm', 'l', 'xl', '2xl'];
export const modes: readonly (readonly [Pool['sandboxMode'], string])[] = [
  ['fresh', 'fresh: a sandbox for each attempt'],
  ['run', 'run: attempts of one run may share a process'],
  ['reuse', 'reuse: attempts of different runs may share a process'],
];

/** Makes a pool, or changes one. */
export function PoolDialog({
  environment,
  pool,
  ifSeen = {},
  onClose,
}: {
  readonly environment: string;
  readonly pool?: Pool;
  readonly ifSeen?: IfSeen;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState(pool?.name ?? '');
  const [size, setSize] = useState<Pool['size']>(pool?.size ?? 's');
  const [mode, setMode] = useState<Pool['sandboxMode']>(pool?.sandboxMode ?? 'run');
  const [slots, setSlots] = useState(String(pool?.slotsPerRunner ?? 4));
  const [runners, setRunners] = useState(String(pool?.maxRunners ?? 2));
  const [idle, setIdle] = useState(String(pool?.idleSeconds ?? 60));
  const toasts = useToasts();
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () => {
      const settings = {
        size,
        sandboxMode: mode,
        slotsPerRunner: Number(slots),
        maxRunners: Number(runners),
        idleSeconds: Number(idle),
      };
      const query = { environment };
      return pool === undefined
        ? answer(api.POST('/v1/pools', { params: { query }, body: { name, ...settings } as Schemas['NewPool'] }))
        : answer(
            api.PATCH('/v1/pools/{pool}', {
              params: { path: { pool: pool.name }, query, header: ifSeen },
              body: settings,
            }),
          );
    },
    onSuccess: async (saved) => {
      toasts.done(`Pool ${saved.name} ${pool === undefined ? 'made' : 'changed'}.`);
      onClose();
      await queries.invalidateQueries({ queryKey: ['pools', environment] });
      await queries.invalidateQueries({ queryKey: ['pool', environment, saved.name] });
    },
  });
  const messages = fieldMessages(save.error);
  return (
    <FormDialog
      title={pool === undefined ? 'New pool' : `Change ${pool.name}`}
      submit={pool === undefined ? 'Make the pool' : 'Change'}
      busy={save.isPending}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <SaveError error={save.error} />
      {pool === undefined && (
        <TextField
          label="Name"
          value={name}
          error={messages['name']}
          hint="Definitions refer to it; it never changes."
          onChange={(event) => setName(event.target.value)}
        />
      )}
      <SelectField
        label="Size"
        value={size}
        error={messages['size']}
        hint="What one slot has: memory and a share of a processor."
        onChange={(event) => setSize(event.target.value as Pool['size'])}
      >
        {sizes.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </SelectField>
      <SelectField
        label="Sandbox mode"
        value={mode}
        error={messages['sandboxMode']}
        hint="What attempts share a process can read of each other’s memory; starting in a used one is quicker."
        onChange={(event) => setMode(event.target.value as Pool['sandboxMode'])}
      >
        {modes.map(([each, words]) => (
          <option key={each} value={each}>
            {words}
          </option>
        ))}
      </SelectField>
      <TextField
        label="Slots per runner"
        type="number"
        min={1}
        value={slots}
        error={messages['slotsPerRunner']}
        onChange={(event) => setSlots(event.target.value)}
      />
      <TextField
        label="Runners at most"
        type="number"
        min={1}
        value={runners}
        error={messages['maxRunners']}
        hint="They start when work comes and leave when it is done."
        onChange={(event) => setRunners(event.target.value)}
      />
      <TextField
        label="Idle seconds"
        type="number"
        min={0}
        value={idle}
        error={messages['idleSeconds']}
        hint="A runner leaves when it has had nothing to do for so long."
        onChange={(event) => setIdle(event.target.value)}
      />
    </FormDialog>
  );
}
