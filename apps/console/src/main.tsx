import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router';
import { session } from './api/client.js';
import { queryClient } from './api/queries.js';
import { makeRouter } from './router.js';
import './styles/tokens.css';
import './styles/base.css';
import { ToastProvider } from './ui/toast.js';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no element #root');

void session.open();
session.subscribe(() => {
  // What one person read is not shown to the next.
  if (session.state === 'out') queryClient.clear();
});

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <ToastProvider>
        <RouterProvider router={makeRouter()} />
      </ToastProvider>
    </QueryClientProvider>
  </StrictMode>,
);
