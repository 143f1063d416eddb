import type { ReactNode } from 'react';
import type { List } from '../api/queries.js';
import { Button } from './button.js';
import { ErrorState, Skeleton } from './states.js';
import { Table, type Column } from './table.js';
import './list-view.css';

export interface ListViewProps<Row> {
  readonly list: List<Row>;
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  /** Shown in place of the table while there is nothing. */
  readonly empty: ReactNode;
}

/** A paged list in each of its states: being read, failed, empty, shown, with the way to more. */
export function ListView<Row>({ list, caption, columns, rowKey, empty }: ListViewProps<Row>) {
  const { items, error } = list;
  if (items === undefined) {
    if (error === null) return <Skeleton lines={5} />;
    return <ErrorState error={error} onRetry={() => void list.refetch()} />;
  }
  return (
    <div className="list-view" aria-busy={list.isPlaceholderData || undefined}>
      {/* What was read before stays in sight when a later reading fails. */}
      {error !== null && <ErrorState error={error} onRetry={() => void list.refetch()} />}
      {items.length === 0 ? empty : <Table caption={caption} columns={columns} rows={items} rowKey={rowKey} />}
      {list.hasNextPage && (
        <div className="list-view__more">
          <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </div>
  );
}
