// Drawn on 16 × 16 in strokes of 1.5; the text beside an icon says what it means.
const paths = {
  pipelines: 'M2.75 4.25h3.5v3.5h-3.5zM9.75 2.25h3.5v3.5h-3.5zM9.75 10.25h3.5v3.5h-3.5zM6.25 6h1.5V4h2M7.75 6v6h2',
  runs: 'M5 3.25v9.5l7.5-4.75z',
  deployments: 'M8 10.5V2.5M4.75 5.5 8 2.25l3.25 3.25M2.5 10.5v2.25c0 .55.45 1 1 1h9c.55 0 1-.45 1-1V10.5',
  pools: 'M2.5 3h11v3.5h-11zM2.5 9.5h11V13h-11zM5 4.75h.01M5 11.25h.01',
  connections: 'M6.5 4.5 8 3a3.2 3.2 0 0 1 5 4l-2 2M9.5 11.5 8 13a3.2 3.2 0 0 1-5-4l2-2M6 10l4-4',
  secrets: 'M4 7.25h8v6H4zM5.5 7V5.25a2.5 2.5 0 0 1 5 0V7M8 9.75v1',
  variables:
    'M5.5 2.75C4 2.75 3.75 3.5 3.75 5S3.5 7.5 2.25 8c1.25.5 1.5 1.5 1.5 3s.25 2.25 1.75 2.25M10.5 2.75c1.5 0 1.75.75 1.75 2.25s.25 2.5 1.5 3c-1.25.5-1.5 1.5-1.5 3s-.25 2.25-1.75 2.25M6.5 6.5l3 3M9.5 6.5l-3 3',
  alerts: 'M8 2.25a4 4 0 0 0-4 4c0 3.5-1.25 4.5-1.25 5h10.5c0-.5-1.25-1.5-1.25-5a4 4 0 0 0-4-4zM6.75 13.5h2.5',
  usage: 'M2.75 13.25h10.5M4.25 11V8.5M8 11V3.25M11.75 11V6',
  members:
    'M6 7.5a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8zM1.75 13.25c0-2.4 1.8-3.75 4.25-3.75s4.25 1.35 4.25 3.75M11 3a2.2 2.2 0 0 1 0 4.2M12.25 9.75c1.3.5 2 1.7 2 3.5',
  keys: 'M10.25 8.75a3 3 0 1 0-2.85-2.05L2.5 11.6v1.9h2.25V12h1.5v-1.5h1.5l1.2-1.9c.4.1.85.15 1.3.15zM11 5.25h.01',
  settings:
    'M2.5 4.5h6M11.5 4.5h2M2.5 11.5h2M7.5 11.5h6M10 6a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM6 13a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3z',
  audit: 'M4 2.25h5.5L12.5 5v8.75H4zM6 7h4.5M6 9.25h4.5M6 11.5h2.5',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.25 10.25l3.25 3.25',
  check: 'M3 8.5 6.5 12 13 4.5',
  cross: 'M4 4l8 8M12 4l-8 8',
  chevronDown: 'M4 6.25 8 10.25l4-4',
  chevronRight: 'M6.25 4l4 4-4 4',
  chevrons: 'M5 6.25 8 3.25l3 3M5 9.75l3 3 3-3',
  copy: 'M5.75 5.75h7.5v7.5h-7.5zM3.5 10.25H2.75v-7.5h7.5v.75',
  sun: 'M8 10.75a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5zM8 1.5v1.25M8 13.25v1.25M1.5 8h1.25M13.25 8h1.25M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9',
  moon: 'M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5z',
  screen: 'M2.25 3h11.5v7.75H2.25zM5.5 13.25h5M8 10.75v2.5',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  plus: 'M8 3v10M3 8h10',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  warning: 'M8 2.5 14 13H2zM8 6.5v3M8 11.25h.01',
  info: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.5V11M8 5.25h.01',
  external: 'M6.5 3.5H3v9.5h9.5V9.5M9.5 2.75h3.75V6.5M13 3 7.75 8.25',
  download: 'M8 2.5v8M4.75 7.5 8 10.75l3.25-3.25M2.5 13.5h11',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.75V8l2.25 1.5',
  retry: 'M13 3v3.25H9.75M12.75 6A5.25 5.25 0 1 0 13.25 8.5',
  skip: 'M3.5 3.5 9 8l-5.5 4.5zM12 3.5v9',
  stop: 'M4 4h8v8H4z',
  moonSmall: 'M12 9A4.5 4.5 0 0 1 7 4a4.5 4.5 0 1 0 5 5z',
  dots: 'M4 8h.01M8 8h.01M12 8h.01',
  blocked: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM4 4l8 8',
  logout: 'M9.5 3.5V2.75H3v10.5h6.5v-.75M6.5 8h7M11 5.5 13.5 8 11 10.5',
  graph: 'M2.5 6.25h4v3.5h-4zM9.5 2.5h4V6h-4zM9.5 10h4v3.5h-4zM6.5 8H8V4.25h1.5M8 8v3.75h1.5',
  grid: 'M2.5 2.5h4.25v4.25H2.5zM9.25 2.5h4.25v4.25H9.25zM2.5 9.25h4.25v4.25H2.5zM9.25 9.25h4.25v4.25H9.25z',
  gantt: 'M2.5 3.75h5M5 8h6M8.5 12.25h5',
  log: 'M3 4h10M3 8h7M3 12h9',
  output: 'M6 3.5C4 3.5 4.5 7 3 8c1.5 1 1 4.5 3 4.5M10 3.5c2 0 1.5 3.5 3 4.5-1.5 1-1 4.5-3 4.5',
  money:
    'M8 2v12M11 4.75C10.5 3.9 9.4 3.5 8 3.5c-1.7 0-3 .75-3 2.1 0 3.1 6.25 1.5 6.25 4.6 0 1.5-1.4 2.3-3.25 2.3-1.6 0-2.8-.5-3.25-1.5',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}
