import { answer } from '@millrace/clients';
import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client.js';

function usePeople() {
  return useQuery({
    queryKey: ['members', 'names'],
    staleTime: 60_000,
    queryFn: async () => (await answer(api.GET('/v1/members', { params: { query: { limit: 200 } } }))).data,
  });
}

/** Who did something: a person by name, a key as such, with the id as title. */
export function Actor({ id }: { readonly id: string }) {
  const { data } = usePeople();
  const person = data?.find((member) => member.userId === id);
  const word = id.startsWith('key_') ? 'API key' : id.startsWith('usr_') ? 'Former member' : id;
  return (
    <span className="above" title={person === undefined ? id : `${person.email} (${id})`}>
      {person?.name ?? word}
    </span>
  );
}
