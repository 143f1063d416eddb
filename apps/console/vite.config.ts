import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// `npm run dev --workspace @millrace/console` serves the sources and asks a running platform for everything else.
const platform = process.env['MILLRACE_URL'] ?? 'http://127.0.0.1:7070';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist/site',
    emptyOutDir: true,
    // Browsers that know light-dark() and text-wrap: nothing has to be rewritten for older ones.
    target: ['chrome123', 'edge123', 'firefox121', 'safari17.5'],
    // The policy of the page allows no data: style sheets or fonts, and a file is cached for a year.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
    // How long a busy machine took for it is no news, and what the script prints is looked at.
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  server: { proxy: { '/v1': platform, '/docs': platform, '/downloads': platform } },
});
