import { connectClient } from '@millrace/temporal';
import { WorkflowNotFoundError } from '@temporalio/client';

export interface TemporalPlace {
  /** `host:port` of the platform's own Temporal server. */
  readonly address: string;
  readonly namespace: string;
}

/** Waits for workflows of the platform's runs, of which the API says nothing. */
export class ClosedWorkflows {
  private constructor(private readonly client: Awaited<ReturnType<typeof connectClient>>) {}

  static async open(place: TemporalPlace): Promise<ClosedWorkflows> {
    return new ClosedWorkflows(await connectClient(place));
  }

  /** Resolves when the workflow of the run is closed, however it ended. */
  async wait(runId: string): Promise<void> {
    for (;;) {
      try {
        await this.client.workflow.getHandle(runId).result();
        return;
      } catch (error) {
        // A run may be over before its workflow has begun.
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  close(): Promise<void> {
    return this.client.connection.close();
  }
}
