import type { ReactNode } from 'react';
import './table.css';

export interface Column<Row> {
  readonly name: string;
  readonly head: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  /** Figures stand right, under each other. */
  readonly align?: 'right';
  /** As little room as its content needs. */
  readonly narrow?: boolean;
  /** Takes the room that is left, and is cut off where its content needs more. */
  readonly grow?: boolean;
  /** Left out where the window is small. */
  readonly minor?: boolean;
}

export interface TableProps<Row> {
  /** What the table lists, for who cannot see it. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
}

function cellClass<Row>({ align, narrow, grow, minor }: Column<Row>): string | undefined {
  const names = [
    ...(align === 'right' ? ['table__cell--right'] : []),
    ...(narrow === true ? ['table__cell--narrow'] : []),
    ...(grow === true ? ['table__cell--grow'] : []),
    ...(minor === true ? ['table__cell--minor'] : []),
  ];
  return names.length === 0 ? undefined : names.join(' ');
}

/** A table. A row with a link of the class `row-link` takes the click as a whole. */
export function Table<Row>({ caption, columns, rows, rowKey }: TableProps<Row>) {
  return (
    <div className="table-box" tabIndex={-1}>
      <table className="table">
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col" className={cellClass(column)}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td key={column.name} className={cellClass(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
