// Generated from apps/api/openapi.json by `npm run generate`; do not edit.

export interface paths {
  '/healthz': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Is the process up */
    get: operations['getHealth'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/readyz': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Can the process do its work
     * @description 503, with what is missing, where it cannot.
     */
    get: operations['getReadiness'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/alerts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List alerts
     * @description One alert is one cause: what fails where, from its first failure until the pipeline succeeds again.
     */
    get: operations['listAlerts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/alerts/{alert}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Show an alert */
    get: operations['getAlert'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/api-keys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List API keys */
    get: operations['listApiKeys'];
    put?: never;
    /**
     * Make an API key
     * @description With scopes that you have yourself. A key bound to an environment makes only keys bound to the same.
     */
    post: operations['createApiKey'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/api-keys/{apiKey}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Show an API key */
    get: operations['getApiKey'];
    put?: never;
    post?: never;
    /**
     * Revoke an API key
     * @description It is refused from the next request on.
     */
    delete: operations['revokeApiKey'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/api-keys/{apiKey}:rotate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Replace an API key
     * @description Makes a key with the same rights. The old one works for another 24 hours.
     */
    post: operations['rotateApiKey'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/artifacts/{artifact}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Show an artifact */
    get: operations['getArtifact'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/artifacts/{artifact}/content': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Download an artifact
     * @description As a file to be saved, never shown. Takes `Range` (one range), `If-Range` and `If-None-Match`.
     */
    get: operations['getArtifactContent'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/audit-events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List changes
     * @description Newest first.
     */
    get: operations['listAuditEvents'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/connections': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List connections */
    get: operations['listConnections'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/connections/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Show a connection */
    get: operations['getConnection'];
    /**
     * Set a connection
     * @description Its password is not part of it: it stands in a secret that the connection names.
     */
    put: operations['putConnection'];
    post?: never;
    /** Delete a connection */
    delete: operations['deleteConnection'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/deliveries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List deliveries
     * @description Of all messages of the environment, to webhooks and by e-mail, newest first.
     */
    get: operations['listDeliveries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/deliveries/{delivery}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show a delivery
     * @description With what is sent and every attempt.
     */
    get: operations['getDelivery'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/deliveries/{delivery}:replay': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send a message again
     * @description Under the same `webhook-id`, as a delivery of its own. Only of one that is over.
     */
    post: operations['replayDelivery'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/deployments': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List deployments
     * @description Newest first. With `pipeline`: those that made a version of it, so none that failed or are still building.
     */
    get: operations['listDeployments'];
    put?: never;
    /**
     * Push a bundle
     * @description A tar.gz or zip of pipelines and code, or one JSON document `{"files": {path: text | {"base64": …}}, "pipelines": […]}`. Everything is checked before anything changes. 201: the versions are there. 202: the dependencies are being built; wait with `GET /v1/deployments/{id}?wait=60s`.
     */
    post: operations['createDeployment'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/deployments/{deployment}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Show a deployment */
    get: operations['getDeployment'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/deployments/{deployment}/log': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read the log of a deployment
     * @description What the builds of the dependencies wrote; while they run, what has ended so far.
     */
    get: operations['getDeploymentLog'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/deployments/{deployment}:promote': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Deploy to another environment what was deployed here
     * @description The same versions, digest for digest: nothing is compiled or built anew. Refused with everything that the other environment lacks: pools, secrets, connections, variables, webhooks that `notify` names.
     */
    post: operations['promoteDeployment'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/deployments/{deployment}:rollback': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Roll a deployment back
     * @description Activates the versions that were active before it, in one step, as a deployment of its own.
     */
    post: operations['rollbackDeployment'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/deployments:diff': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Compare deployments, versions, environments or a bundle
     * @description What differs between `from` (default: the environment) and `to`, or the bundle in the body, pipeline by pipeline; nothing is written. A deployment takes nothing away, so an environment is compared in those pipelines only that the other side has. A bundle needs the scope `deploy`.
     */
    post: operations['diffDeployments'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/deployments:validate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Check a bundle
     * @description The same checks as a deployment, and what it would change in the environment; nothing is written: no version, no deployment.
     */
    post: operations['validateBundle'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/email:resend': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send the mail that verifies your address again
     * @description Links of earlier mails end.
     */
    post: operations['resendVerification'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/email:verify': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Prove that an e-mail address is read */
    post: operations['verifyEmail'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/environments': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List environments */
    get: operations['listEnvironments'];
    put?: never;
    /**
     * Create an environment
     * @description It comes with a pool `default`.
     */
    post: operations['createEnvironment'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/environments/{environment}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Show an environment */
    get: operations['getEnvironment'];
    put?: never;
    post?: never;
    /**
     * Delete an environment
     * @description Its pools, connections, variables and webhooks go, and the values of its secrets are destroyed. Its runs and its usage stay. Refused while anything uses it; nothing is deleted by half.
     */
    delete: operations['deleteEnvironment'];
    options?: never;
    head?: never;
    /** Change an environment: its name, and who is told of failures */
    patch: operations['patchEnvironment'];
    trace?: never;
  };
  '/v1/invitations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List invitations */
    get: operations['listInvitations'];
    put?: never;
    /** Invite a person */
    post: operations['createInvitation'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/invitations/{invitation}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Take an invitation back */
    delete: operations['revokeInvitation'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/invitations:accept': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Become a member
     * @description Makes the account where there is none with the invited e-mail address, and opens a session.
     */
    post: operations['acceptInvitation'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/ledger': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the entries of the ledger
     * @description Newest first. With `Accept: text/csv` and no query: the whole ledger of the organization, in the order of its chain, with the hashes, so that it can be verified.
     */
    get: operations['listLedger'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/limits': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Show what the plan allows and how much of it is used */
    get: operations['getLimits'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/login': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Log in */
    post: operations['logIn'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/logout': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** End this session */
    post: operations['logOut'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/mailbox': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the mail to you
     * @description Of a platform for development that has no mail server. Newest first, kept for a week. Needs a session: an API key has no address.
     */
    get: operations['listMailbox'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/mailbox/{message}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Show a mail to you */
    get: operations['getMailboxMessage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/me': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Who am I */
    get: operations['getMe'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/members': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List members */
    get: operations['listMembers'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/members/{user}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Show a member */
    get: operations['getMember'];
    put?: never;
    post?: never;
    /**
     * Remove a member, or leave
     * @description Whoever removes somebody else needs the scope `manage`.
     */
    delete: operations['removeMember'];
    options?: never;
    head?: never;
    /** Change the role of a member */
    patch: operations['patchMember'];
    trace?: never;
  };
  '/v1/organization': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Show the organization */
    get: operations['getOrganization'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /** Rename the organization */
    patch: operations['patchOrganization'];
    trace?: never;
  };
  '/v1/password:change': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Change your password
     * @description Sessions of other log-ins end; this one stays.
     */
    post: operations['changePassword'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/password:forgot': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Ask for a new password
     * @description Sends a mail with a link that is good once, for an hour. The answer is the same where there is no such account.
     */
    post: operations['forgotPassword'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/password:reset': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Set a new password
     * @description With the token of the mail, which also verifies the address. Every session of the account ends.
     */
    post: operations['resetPassword'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/pipelines': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List pipelines */
    get: operations['listPipelines'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/pipelines/{pipeline}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Show a pipeline */
    get: operations['getPipeline'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/pipelines/{pipeline}/runs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Run a pipeline
     * @description The run is accepted and durable when the answer comes. With `?wait=30s` the answer comes when the run has ended, or after that time.
     */
    post: operations['startPipelineRun'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/pipelines/{pipeline}/versions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the versions of a pipeline
     * @description Newest first.
     */
    get: operations['listVersions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/pipelines/{pipeline}/versions/{version}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show a version
     * @description With its definition, plan and files.
     */
    get: operations['getVersion'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/pipelines/{pipeline}:activate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Activate a version
     * @description New runs use it; running ones keep theirs.
     */
    post: operations['activateVersion'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/pipelines/{pipeline}:pause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Pause a pipeline
     * @description It takes no new runs until it is unpaused; running ones go on, and no deployment unpauses it.
     */
    post: operations['pausePipeline'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/pipelines/{pipeline}:rollback': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Roll a pipeline back
     * @description Activates the version that was active before the active one; a second time goes forward again.
     */
    post: operations['rollbackPipeline'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/pipelines/{pipeline}:unpause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Unpause a pipeline */
    post: operations['unpausePipeline'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/pools': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List pools */
    get: operations['listPools'];
    put?: never;
    /**
     * Create a pool
     * @description Runners start when there is work for them; a pool without work costs nothing.
     */
    post: operations['createPool'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/pools/{pool}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Show a pool */
    get: operations['getPool'];
    put?: never;
    post?: never;
    /**
     * Delete a pool
     * @description Refused while runs need it or runners of it are up, and for the pool `default`.
     */
    delete: operations['deletePool'];
    options?: never;
    head?: never;
    /**
     * Change a pool
     * @description Runs that have begun keep their size and price; runners that are up keep their slots until they leave. With another sandbox mode they leave when their attempts have ended.
     */
    patch: operations['patchPool'];
    trace?: never;
  };
  '/v1/pools/{pool}/latency': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show how soon runs begin in a pool
     * @description Median and 95th percentile from the trigger to the first line of code, as the runs themselves say.
     */
    get: operations['getPoolLatency'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/pools/{pool}/runners': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the runners of a pool
     * @description Live ones first, then newest first.
     */
    get: operations['listRunners'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List runs
     * @description Newest first.
     */
    get: operations['listRuns'];
    put?: never;
    /**
     * Run a pipeline that the body names
     * @description The run is accepted and durable when the answer comes. With `?wait=30s` the answer comes when the run has ended, or after that time.
     */
    post: operations['startRun'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{run}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show a run
     * @description With `?wait=30s` the answer comes when the run has ended, or after that time.
     */
    get: operations['getRun'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{run}/artifacts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the artifacts of a run
     * @description Oldest first, those of failed attempts included.
     */
    get: operations['listArtifacts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{run}/attempts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the attempts of a run
     * @description In the order in which runners took them; lost ones are among them.
     */
    get: operations['listAttempts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{run}/cost': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show what a run costs
     * @description So far, to the nano-dollar, as the ledger has it: the whole, by task, and a page of the attempts.
     */
    get: operations['getRunCost'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{run}/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List or follow the events of a run
     * @description With `Accept: text/event-stream` a stream that resumes by `Last-Event-ID` and ends after the end of the run; otherwise a list. The stream tells of running attempts too, as events `attempt` without an id.
     */
    get: operations['listRunEvents'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{run}/logs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read the logs of a run
     * @description Of all attempts, one after the other in the order in which they began.
     */
    get: operations['getRunLog'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{run}/outputs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the outputs of a run
     * @description Ordered by task and index. Long ones are named only; read them by their task.
     */
    get: operations['listOutputs'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{run}/params': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read the params of a run
     * @description The JSON text, every digit as it was sent, defaults filled in.
     */
    get: operations['getRunParams'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{run}/tasks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the tasks of a run
     * @description A mapped task is one line with counts; `?task=` gives its instances one by one.
     */
    get: operations['listTasks'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{run}/tasks/{task}/logs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read the log of a task
     * @description Of one attempt. Lines that were written and are not there are named as gaps.
     */
    get: operations['getTaskLog'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{run}/tasks/{task}/logs:stream': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Follow the log of a task
     * @description Events `line` ({seq, at, stream, text}) and `gap` ({from, to}), then one `end` ({attempt, state, complete, incomplete?}) when the attempt has ended and everything has been sent. Where no attempt has begun, it waits for one. `Last-Event-ID` goes on after that event.
     */
    get: operations['streamTaskLog'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{run}/tasks/{task}/output': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read the output of a task
     * @description The JSON text that the task returned, to the byte. For a mapped task the list of all its instances, null where one has none, or one of them with `?mapIndex=`.
     */
    get: operations['getTaskOutput'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{run}/timeline': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show when each attempt was where
     * @description One entry for each attempt: accepted, leased, offered, started, ended, committed, the way it took and its stretch.
     */
    get: operations['getTimeline'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{run}:cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Cancel a run
     * @description Running attempts are stopped, all their processes included; what has not begun never will. The run is `cancelled` when all of it has stopped; a repeat changes nothing.
     */
    post: operations['cancelRun'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/schemas/pipeline.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * JSON Schema of the pipeline format
     * @description Draft 2020-12. Editors complete and check definitions with it: `# yaml-language-server: $schema=<address of this>` as the first line of a YAML file.
     */
    get: operations['getPipelineSchema'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/secrets': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List secrets
     * @description Never their values.
     */
    get: operations['listSecrets'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/secrets/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show a secret
     * @description Never its value.
     */
    get: operations['getSecret'];
    /**
     * Set a secret
     * @description Stores a new version, encrypted, and destroys the ones before it. Nothing ever shows it again.
     */
    put: operations['putSecret'];
    post?: never;
    /** Destroy a secret */
    delete: operations['deleteSecret'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/signup': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Sign up an organization
     * @description Makes the organization, its owner, the environment `production` and a pool, and opens a session.
     */
    post: operations['signUp'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/token:refresh': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Exchange a refresh token for new tokens
     * @description A refresh token is good once. When one comes twice, every session of its log-in is ended. Without a body it takes the cookie of the session, and sets the next one; requests of other sites are refused.
     */
    post: operations['refreshSession'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/usage': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show usage
     * @description List prices, before discounts and credits. At most 366 days.
     */
    get: operations['getUsage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/variables': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List variables */
    get: operations['listVariables'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/variables/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Show a variable */
    get: operations['getVariable'];
    /** Set a variable */
    put: operations['putVariable'];
    post?: never;
    /** Delete a variable */
    delete: operations['deleteVariable'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List webhooks */
    get: operations['listWebhooks'];
    put?: never;
    /**
     * Create a webhook
     * @description Notify rules of the environment and its pipelines name it. The secret that signs is shown this once.
     */
    post: operations['createWebhook'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/{webhook}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Show a webhook */
    get: operations['getWebhook'];
    put?: never;
    post?: never;
    /**
     * Delete a webhook
     * @description Its deliveries stay on record; those under way fail.
     */
    delete: operations['deleteWebhook'];
    options?: never;
    head?: never;
    /** Change a webhook, or switch it on or off */
    patch: operations['patchWebhook'];
    trace?: never;
  };
  '/v1/webhooks/{webhook}/deliveries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List deliveries to a webhook */
    get: operations['listWebhookDeliveries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/{webhook}:rotate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Replace the secret of a webhook
     * @description Messages are signed with both for a while, so that receivers can change over.
     */
    post: operations['rotateWebhookSecret'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/{webhook}:test': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send a test message
     * @description Gives the delivery; look at it again to see what became of it.
     */
    post: operations['testWebhook'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    AcceptInvitation: {
      token: string;
      /** @description For a new account; default: what stands before the @. */
      name?: string;
      /** @description For the new account, or of the one that exists. */
      password: string;
      /**
       * @description `token` (the default): the refresh token stands in the body. `cookie`: it is set as a cookie that only `/v1/token:refresh` gets, for pages of this server.
       * @enum {string}
       */
      session?: 'token' | 'cookie';
    };
    ActivateVersion: {
      /** @description Number or id of the version. */
      version: number | string;
    };
    Alert: {
      id: string;
      /** @enum {string} */
      event: 'failed' | 'deadline_missed';
      /** @enum {string} */
      state: 'open' | 'recovered';
      environment: string;
      pipelineId: string;
      pipeline: string;
      /** @description Number of the version of the newest failure. */
      version: number;
      /** @description Who deployed that version: an e-mail address, or the name of an API key. */
      owner: string | null;
      cause: {
        /** @description Null where no task is to blame. */
        task: string | null;
        /** @description Name of the error, or what happened. */
        class: string;
        /** @description The newest error message, cut to 300 characters. */
        message: string | null;
        /** @description The place in your code that it came from. */
        frame: string | null;
      };
      /** @description Failed task instances so far; of a missed deadline, runs. */
      count: number;
      /** @description Runs that they were in. */
      runCount: number;
      /** @description What the failed attempts have cost. */
      wasted: components['schemas']['Money'];
      /** @description Up to five of the runs: the first ones and the newest. */
      runIds: string[];
      /** Format: date-time */
      firstSeenAt: string;
      /** Format: date-time */
      lastSeenAt: string;
      recoveredAt: string | null;
      /** @description The run that succeeded. */
      recoveredBy: string | null;
      /** @description How often people were told that it goes on. */
      messages: number;
      toldAt: string | null;
      /** @description Null where there is nothing new to tell. */
      nextMessageAt: string | null;
    };
    AlertPage: {
      data: components['schemas']['Alert'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    ApiKey: {
      id: string;
      name: string;
      scopes: ('read' | 'run' | 'deploy' | 'manage')[];
      /** @description The only environment it reaches; null for all. */
      environmentId: string | null;
      createdBy: string;
      /** Format: date-time */
      createdAt: string;
      expiresAt: string | null;
      /** @description To the minute. */
      lastUsedAt: string | null;
      revokedAt: string | null;
      /** @description The key that took its place by rotation. */
      replacedBy: string | null;
    };
    ApiKeyPage: {
      data: components['schemas']['ApiKey'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    Artifact: {
      id: string;
      runId: string;
      taskId: string;
      /** @description -1 where the task is not mapped. */
      mapIndex: number;
      attemptId: string;
      /** @description Number of the attempt (its fence). */
      attempt: number;
      /** @description Relative path, as the task named it. */
      name: string;
      /** @description As the task named it. */
      contentType: string;
      sizeBytes: number;
      /** @description `sha256:` and the SHA-256 of the bytes. */
      digest: string;
      /** Format: date-time */
      createdAt: string;
    };
    ArtifactPage: {
      data: components['schemas']['Artifact'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    Attempt: {
      id: string;
      /** @description Id of the task in the pipeline. */
      taskId: string;
      /** @description Place in the list that the task is mapped over; -1 where it is not mapped. */
      mapIndex: number;
      /** @description Rises with each lease of the instance; only the newest can end it. */
      fence: number;
      try: number;
      /** @enum {string} */
      state: 'leased' | 'succeeded' | 'failed' | 'timed_out' | 'cancelled' | 'lost';
      reason: string | null;
      maxTries: number;
      /** @description What the code of the task threw. */
      error: {
        name: string;
        message: string;
        stack?: string;
      } | null;
      retryable: boolean | null;
      poolId: string;
      runnerId: string | null;
      size: string;
      /** @description Isolation tier of the runner. */
      tier: string | null;
      /**
       * @description How it, or the first attempt of its stretch, reached the runner.
       * @enum {string}
       */
      way: 'direct' | 'offered' | 'queued';
      /** @description First attempt of the stretch that the runner executed back to back; null for that one itself. */
      stretchId: string | null;
      /** @description Its instance became ready. */
      acceptedAt: string | null;
      /**
       * Format: date-time
       * @description It was promised to a runner.
       */
      leasedAt: string;
      /** @description It was pushed to its runner; null where the runner asked for it. */
      offeredAt: string | null;
      /** @description The code of the task began. */
      startedAt: string | null;
      endedAt: string | null;
      /** @description Its end was accepted and is durable. */
      committedAt: string | null;
      wallMs: number | null;
      cpuMs: number | null;
      peakRssBytes: number | null;
      outputBytes: number | null;
    };
    AttemptCost: {
      id: string;
      taskId: string;
      /** @description -1 where the task is not mapped. */
      mapIndex: number;
      fence: number;
      try: number;
      /** @enum {string} */
      state: 'leased' | 'succeeded' | 'failed' | 'timed_out' | 'cancelled' | 'lost';
      total: components['schemas']['Money'];
      /** @description Billed milliseconds. */
      computeMs: number;
      /** @description Null while it runs: it is charged with its end. */
      category: ('useful' | 'retried' | 'failed' | 'cancelled' | 'platformFault') | null;
    };
    AttemptPage: {
      data: components['schemas']['Attempt'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    AuditEvent: {
      id: string;
      /** Format: date-time */
      at: string;
      actor: string;
      action: string;
      target: string;
      requestId: string | null;
      detail: {
        [key: string]: unknown;
      };
    };
    AuditEventPage: {
      data: components['schemas']['AuditEvent'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    BundleValidation: {
      /** @enum {boolean} */
      valid: true;
      pipelines: components['schemas']['ValidPipeline'][];
      bundle: {
        digest: string;
        sizeBytes: number;
        files: number;
      };
      dependencies: components['schemas']['DeploymentDependency'][];
      /** @description What a deployment would change in the environment. */
      changes: components['schemas']['PipelineChange'][];
    };
    CallerUse: {
      /** @description `key_…` or `usr_…`. */
      actor: string;
      /** @description Of the API key or the person; null where it is gone. */
      name: string | null;
      lastMinute: number;
      lastHour: number;
      /** @description Of the requests of the last hour, refused by a rate limit. */
      refusedLastHour: number;
    };
    CancelRun: {
      reason?: string;
    };
    ChangePassword: {
      currentPassword: string;
      newPassword: string;
    };
    Connection: {
      id: string;
      name: string;
      type: string;
      host: string;
      port: number;
      username: string | null;
      database: string | null;
      /** @enum {string} */
      tls: 'disable' | 'require' | 'verify';
      options: {
        [key: string]: unknown;
      };
      /** @description Name of the secret, of the same environment, that opens it. */
      passwordSecret: string | null;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
    };
    ConnectionPage: {
      data: components['schemas']['Connection'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    ConnectionSettings: {
      type: string;
      host: string;
      port: number;
      /** @default null */
      username: string | null;
      /** @default null */
      database: string | null;
      /**
       * @description `verify`: encrypted, certificate checked; `require`: encrypted.
       * @default verify
       * @enum {string}
       */
      tls: 'disable' | 'require' | 'verify';
      /** @default {} */
      options: {
        [key: string]: string | number | boolean;
      };
      /**
       * @description Name of the secret, of the same environment, that holds the password.
       * @default null
       */
      passwordSecret: string | null;
    };
    CostSplit: {
      useful: components['schemas']['Money'];
      /** @description Tries that failed and were repeated. */
      retried: components['schemas']['Money'];
      failed: components['schemas']['Money'];
      cancelled: components['schemas']['Money'];
      /** @description Always 0: what the platform loses is free. */
      platformFault: components['schemas']['Money'];
    };
    Delivery: {
      id: string;
      /** @description `webhook-id`: the same for every repeat and replay of the message. */
      messageId: string;
      /** @description `alert.failed`, `alert.recovered`, `alert.deadline_missed`, `webhook.test`, `webhook.disabled`. */
      type: string;
      alertId: string | null;
      /** @enum {string} */
      channel: 'email' | 'webhook';
      /** @description The address, or the name of the webhook. */
      target: string;
      webhookId: string | null;
      /** @enum {string} */
      state: 'pending' | 'succeeded' | 'failed';
      /** @description What the last attempt met. */
      reason: string | null;
      attempts: number;
      replayOf: string | null;
      createdBy: string;
      /** Format: date-time */
      createdAt: string;
      nextAttemptAt: string | null;
      endedAt: string | null;
    };
    DeliveryDetails: {
      id: string;
      /** @description `webhook-id`: the same for every repeat and replay of the message. */
      messageId: string;
      /** @description `alert.failed`, `alert.recovered`, `alert.deadline_missed`, `webhook.test`, `webhook.disabled`. */
      type: string;
      alertId: string | null;
      /** @enum {string} */
      channel: 'email' | 'webhook';
      /** @description The address, or the name of the webhook. */
      target: string;
      webhookId: string | null;
      /** @enum {string} */
      state: 'pending' | 'succeeded' | 'failed';
      /** @description What the last attempt met. */
      reason: string | null;
      attempts: number;
      replayOf: string | null;
      createdBy: string;
      /** Format: date-time */
      createdAt: string;
      nextAttemptAt: string | null;
      endedAt: string | null;
      /** @description What is sent: the body of the request, or subject and texts of the mail. */
      payload: unknown;
      log: {
        number: number;
        /** Format: date-time */
        at: string;
        durationMs: number;
        ok: boolean;
        /** @description Of the HTTP answer. */
        status: number | null;
        error: string | null;
        /** @description The first KiB of the answer. */
        response: string | null;
      }[];
    };
    DeliveryPage: {
      data: components['schemas']['Delivery'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    DependencyChange: {
      kind: string;
      from: string | null;
      to: string | null;
    };
    DeployedVersion: {
      pipelineId: string;
      /** @description Name of the pipeline. */
      pipeline: string;
      versionId: string;
      number: number;
      /** @description False where a version of the same content was there already. */
      isNew: boolean;
      /** @description False where activation was not asked for, or a later deployment activated another version meanwhile. */
      activated: boolean;
      /** @description The version that was active before. */
      previousVersionId: string | null;
    };
    Deployment: {
      id: string;
      environmentId: string;
      /**
       * @description `building` until the dependencies are built; then `ready` or `failed`.
       * @enum {string}
       */
      state: 'building' | 'ready' | 'failed';
      message: string | null;
      /** @description Where the bundle came from, as the client said. */
      source: components['schemas']['DeploymentSource'] | null;
      bundleDigest: string;
      /** @description Empty until the deployment is ready. */
      versions: components['schemas']['DeployedVersion'][];
      dependencies: components['schemas']['DeploymentDependency'][];
      error: components['schemas']['DeploymentFailure'] | null;
      activate: boolean;
      /** @description The deployment that this one undid. */
      rollbackOf: string | null;
      /** @description The deployment of another environment whose versions this one took over. */
      promotedFrom: string | null;
      createdBy: string;
      /** Format: date-time */
      createdAt: string;
      endedAt: string | null;
    };
    DeploymentDependency: {
      /** @enum {string} */
      kind: 'npm' | 'pip';
      /** @description Digest of the dependency files. */
      digest: string;
    };
    DeploymentDiff: {
      from: components['schemas']['DiffSide'];
      to: components['schemas']['DiffSide'];
      pipelines: components['schemas']['PipelineChange'][];
    };
    DeploymentFailure: {
      code: string;
      message: string;
      errors: {
        code: string;
        message: string;
        file?: string;
      }[];
    };
    DeploymentPage: {
      data: components['schemas']['Deployment'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    DeploymentSource: {
      repository?: string;
      commit?: string;
      branch?: string;
      message?: string;
      /** @description The working copy had changes beyond the commit. */
      dirty?: boolean;
    };
    DiffSide: {
      /** @enum {string} */
      kind: 'environment' | 'deployment' | 'version' | 'bundle';
      /** @description Slug or id; null for a bundle. */
      ref: string | null;
    };
    Environment: {
      id: string;
      /** @description Never changes. */
      slug: string;
      name: string;
      /** @description Who is told of what, for pipelines that do not say so themselves. Null: the owners, of failures and missed deadlines. An empty list: nobody. */
      notify: components['schemas']['NotifyRule'][] | null;
      /** Format: date-time */
      createdAt: string;
    };
    EnvironmentPage: {
      data: components['schemas']['Environment'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    EnvironmentPatch: {
      name?: string;
      notify?:
        | {
            /** @description The event, or a list of events: `failed`, `recovered` (a success after a failure), `deadline_missed`. */
            on: ('failed' | 'recovered' | 'deadline_missed') | ('failed' | 'recovered' | 'deadline_missed')[];
            /** @description Addresses, or the word `owners`: the owners of the organization. */
            email?: ('owners' | string) | ('owners' | string)[];
            /** @description Name of a webhook of the environment. */
            webhook?: string;
          }[]
        | null;
    };
    FieldChange: {
      /** @description JSON Pointer into the definition. */
      path: string;
      /** @enum {string} */
      change: 'added' | 'changed' | 'removed';
      /** @description Null where it was added. */
      from: unknown;
      /** @description Null where it was removed. */
      to: unknown;
    };
    FileChange: {
      path: string;
      /** @enum {string} */
      change: 'added' | 'changed' | 'removed';
    };
    ForgotPassword: {
      /** Format: email */
      email: string;
    };
    Health: {
      /** @enum {string} */
      status: 'ok';
    };
    Invitation: {
      id: string;
      email: string;
      /** @enum {string} */
      role: 'admin' | 'editor' | 'operator' | 'viewer';
      /** @enum {string} */
      state: 'pending' | 'accepted' | 'revoked' | 'expired';
      invitedBy: string;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      expiresAt: string;
    };
    InvitationPage: {
      data: components['schemas']['Invitation'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    LedgerEntry: {
      id: string;
      /** @enum {string} */
      kind: 'usage' | 'discount' | 'credit' | 'rounding';
      attemptId: string | null;
      runId: string | null;
      taskId: string | null;
      mapIndex: number | null;
      pipelineId: string | null;
      environmentId: string | null;
      meter: string;
      size: string | null;
      quantity: number;
      unitPrice: components['schemas']['Money'];
      amount: components['schemas']['Money'];
      /** @enum {string} */
      category: 'useful' | 'retried' | 'failed' | 'cancelled' | 'platformFault';
      /** Format: date-time */
      occurredAt: string;
      /** @description Place in the chain of the organization and its SHA-256; null until it has been sealed. */
      sealed: {
        number: number;
        hash: string;
      } | null;
    };
    LedgerPage: {
      data: components['schemas']['LedgerEntry'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    Limit: {
      name: string;
      max: number | string;
      /** @description Null where nothing is counted: the limit holds for each single thing. */
      used: number | null;
      unit: string;
    };
    Limits: {
      plan: string;
      title: string;
      limits: components['schemas']['Limit'][];
      /** @description Requests that one credential may make; the `RateLimit` headers say how many are left. */
      rate: {
        requests: number;
        windowSeconds: number;
      };
      /** @description Requests that all callers of the organization may make together. */
      organizationRate: {
        requests: number;
        windowSeconds: number;
        remaining: number;
      };
      /** @description Who made requests in the last hour, the busiest first; at most 100. A key that is bound to one environment sees itself only. */
      callers: components['schemas']['CallerUse'][];
    };
    LogGap: {
      /** @description First sequence number that is missing. */
      from: number;
      /** @description Last sequence number that is missing. */
      to: number;
    };
    LogIn: {
      email: string;
      password: string;
      /** @description Slug; needed where you belong to several organizations. */
      organization?: string;
      /**
       * @description `token` (the default): the refresh token stands in the body. `cookie`: it is set as a cookie that only `/v1/token:refresh` gets, for pages of this server.
       * @enum {string}
       */
      session?: 'token' | 'cookie';
    };
    LogLine: {
      /** @description Counts the lines of the attempt from 1. */
      seq: number;
      /**
       * Format: date-time
       * @description By the clock of the machine that wrote it.
       */
      at: string;
      /**
       * @description `system`: a line of the platform.
       * @enum {string}
       */
      stream: 'stdout' | 'stderr' | 'system';
      text: string;
    };
    LogPage: {
      /** @description Number of the attempt (its fence); null where none has begun. */
      attempt: number | null;
      state: ('leased' | 'succeeded' | 'failed' | 'timed_out' | 'cancelled' | 'lost') | null;
      data: (components['schemas']['LogLine'] | components['schemas']['MissingLogLines'])[];
      /** @description True where it has ended and this page reaches the end: nothing more will come. */
      complete: boolean;
      /**
       * @description There where lines at the end are missing, or may be: the runner was lost, or wrote more than came.
       * @enum {boolean}
       */
      incomplete?: true;
      /** @description Give it as `cursor` for what follows; null where there is nothing yet. */
      nextCursor: string | null;
    };
    MadeApiKey: {
      id: string;
      name: string;
      scopes: ('read' | 'run' | 'deploy' | 'manage')[];
      /** @description The only environment it reaches; null for all. */
      environmentId: string | null;
      createdBy: string;
      /** Format: date-time */
      createdAt: string;
      expiresAt: string | null;
      /** @description To the minute. */
      lastUsedAt: string | null;
      revokedAt: string | null;
      /** @description The key that took its place by rotation. */
      replacedBy: string | null;
      /** @description `mr_live_…`; shown this once. */
      key: string;
    };
    MadeInvitation: {
      id: string;
      email: string;
      /** @enum {string} */
      role: 'admin' | 'editor' | 'operator' | 'viewer';
      /** @enum {string} */
      state: 'pending' | 'accepted' | 'revoked' | 'expired';
      invitedBy: string;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      expiresAt: string;
      /** @description Shown this once. Give it to the person: it makes them a member. */
      token: string;
    };
    MailboxMessage: {
      id: string;
      to: string;
      subject: string;
      text: string;
      html: string | null;
      /** Format: date-time */
      at: string;
    };
    MailboxPage: {
      data: components['schemas']['MailboxMessage'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    Me: {
      organization: components['schemas']['OrganizationRef'];
      /** @description Id of the person or of the API key. */
      actor: string;
      /** @enum {string} */
      kind: 'member' | 'apiKey';
      scopes: ('read' | 'run' | 'deploy' | 'manage')[];
      /** @description Null for an API key. */
      person: components['schemas']['Person'] | null;
      /** @description Null for an API key. */
      role: ('owner' | 'admin' | 'editor' | 'operator' | 'viewer') | null;
      /** @description The only environment that the API key reaches; null for all. */
      environmentId: string | null;
    };
    Member: {
      userId: string;
      email: string;
      name: string;
      /** @enum {string} */
      role: 'owner' | 'admin' | 'editor' | 'operator' | 'viewer';
      /** Format: date-time */
      createdAt: string;
    };
    MemberPage: {
      data: components['schemas']['Member'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    MemberPatch: {
      /** @enum {string} */
      role: 'owner' | 'admin' | 'editor' | 'operator' | 'viewer';
    };
    MissingLogLines: {
      gap: components['schemas']['LogGap'];
    };
    MissingRunLogLines: {
      attemptId: string;
      taskId: string;
      /** @description -1 where the task is not mapped. */
      mapIndex: number;
      /** @description Number of the attempt (its fence). */
      attempt: number;
      gap: components['schemas']['LogGap'];
    };
    Money: {
      /** @description Whole nano-dollars (10⁻⁹ US dollars). */
      nanoUsd: string;
      /** @description The same in dollars, with nine decimals. */
      usd: string;
    };
    NewApiKey: {
      name: string;
      scopes: ('read' | 'run' | 'deploy' | 'manage')[];
      /** @description Slug of the only environment it may reach; default: all. */
      environment?: string;
      /** Format: date-time */
      expiresAt?: string;
    };
    NewEnvironment: {
      slug: string;
      name?: string;
    };
    NewInvitation: {
      /** Format: email */
      email: string;
      /** @enum {string} */
      role: 'admin' | 'editor' | 'operator' | 'viewer';
    };
    NewPool: {
      name: string;
      /**
       * @default s
       * @enum {string}
       */
      size: 'xs' | 's' | 'm' | 'l' | 'xl' | '2xl';
      /** @default 4 */
      slotsPerRunner: number;
      /** @default 2 */
      maxRunners: number;
      /** @default 60 */
      idleSeconds: number;
      /**
       * @description `run`: attempts of one run that declare the same secrets and connections follow each other in one process, which ends with the run. `fresh`: a sandbox for each attempt. `reuse`: attempts of different runs follow each other too; what one leaves in its memory the next can read. A task that says `sandbox: fresh` has one of its own in every mode. Runners of another mode leave when their attempts have ended.
       * @default run
       * @enum {string}
       */
      sandboxMode: 'fresh' | 'run' | 'reuse';
      /** @default null */
      minTier: ('none' | 'restricted' | 'standard' | 'strong') | null;
    };
    NewWebhook: {
      name: string;
      url: string;
      /**
       * @description `standard`: signed JSON, as Standard Webhooks has it. `slack`: a message for an incoming webhook of Slack.
       * @default standard
       * @enum {string}
       */
      format: 'standard' | 'slack';
    };
    NotifyRule: {
      on: ('failed' | 'recovered' | 'deadline_missed')[];
      /** @description Addresses, or the word `owners`. */
      email?: string[];
      /** @description Name of a webhook of the environment. */
      webhook?: string;
    };
    Organization: {
      id: string;
      /** @description Never changes. */
      slug: string;
      name: string;
      plan: string;
      /** Format: date-time */
      createdAt: string;
    };
    OrganizationPatch: {
      name: string;
    };
    OrganizationRef: {
      id: string;
      slug: string;
      name: string;
    };
    Person: {
      id: string;
      email: string;
      name: string;
      /** @description False until the link in the mail has been followed: it may invite nobody. */
      emailVerified: boolean;
    };
    Pipeline: {
      id: string;
      environmentId: string;
      name: string;
      description: string | null;
      /** @description What new runs use; null where no version was activated yet. */
      activeVersion: {
        id: string;
        number: number;
      } | null;
      /** @description A paused pipeline takes no new runs. */
      paused: boolean;
      pausedAt: string | null;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
    };
    PipelineChange: {
      pipeline: string;
      /** @enum {string} */
      change: 'added' | 'changed' | 'removed' | 'unchanged';
      /** @description The version before; null where there is none. */
      from: {
        versionId: string;
        number: number;
      } | null;
      /** @description The version after; null where there is none, or where a bundle has not become one yet. */
      to: {
        versionId: string;
        number: number;
      } | null;
      /** @description Fields outside of the tasks. Lists are compared as a whole. */
      fields: components['schemas']['FieldChange'][];
      tasks: components['schemas']['TaskChange'][];
      /** @description Files of the bundle that differ, at most 200. */
      files: components['schemas']['FileChange'][];
      /** @description How many files of the bundle differ. */
      filesChanged: number;
      dependencies: components['schemas']['DependencyChange'][];
    };
    PipelinePage: {
      data: components['schemas']['Pipeline'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    Pool: {
      id: string;
      environmentId: string;
      /** @description Slug. */
      environment: string;
      /** @description Never changes: definitions refer to it. */
      name: string;
      /**
       * @description What one slot has: memory and a share of a processor.
       * @enum {string}
       */
      size: 'xs' | 's' | 'm' | 'l' | 'xl' | '2xl';
      slotsPerRunner: number;
      maxRunners: number;
      /** @description A runner leaves when it has had nothing to do for so long. */
      idleSeconds: number;
      /**
       * @description What attempts may share: see `NewPool`.
       * @enum {string}
       */
      sandboxMode: 'fresh' | 'run' | 'reuse';
      /** @description Machines that isolate less are refused. */
      minTier: ('none' | 'restricted' | 'standard' | 'strong') | null;
      runners: {
        ready: number;
        starting: number;
        draining: number;
      };
      /** @description Task attempts that hold a slot now. */
      slotsInUse: number;
      /** @description Slots that no live attempt holds. Always 0, or it is a fault of the platform. */
      slotsLeaked: number;
      /** @description Task instances that wait for a runner. */
      queued: number;
      /** Format: date-time */
      createdAt: string;
    };
    PoolLatency: {
      poolId: string;
      /** @description Name. */
      pool: string;
      /** Format: date-time */
      since: string;
      /** @description From the creation of a run to the first instruction of its first task, of the runs whose first task this pool executed. Time that a run waited for others of its pipeline counts. */
      start: {
        /** @description Runs that were counted. */
        runs: number;
        /** @description Null where no run was counted. */
        p50Ms: number | null;
        /** @description Null where no run was counted. */
        p95Ms: number | null;
      };
      /** @description The same by the way that the first attempt took; ways that none took are left out. */
      ways: {
        /** @enum {string} */
        way: 'direct' | 'offered' | 'queued';
        /** @description Runs that were counted. */
        runs: number;
        /** @description Null where no run was counted. */
        p50Ms: number | null;
        /** @description Null where no run was counted. */
        p95Ms: number | null;
      }[];
    };
    PoolPage: {
      data: components['schemas']['Pool'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    PoolPatch: {
      /** @enum {string} */
      size?: 'xs' | 's' | 'm' | 'l' | 'xl' | '2xl';
      slotsPerRunner?: number;
      maxRunners?: number;
      idleSeconds?: number;
      /**
       * @description `run`: attempts of one run that declare the same secrets and connections follow each other in one process, which ends with the run. `fresh`: a sandbox for each attempt. `reuse`: attempts of different runs follow each other too; what one leaves in its memory the next can read. A task that says `sandbox: fresh` has one of its own in every mode. Runners of another mode leave when their attempts have ended.
       * @enum {string}
       */
      sandboxMode?: 'fresh' | 'run' | 'reuse';
      minTier?: ('none' | 'restricted' | 'standard' | 'strong') | null;
    };
    /** @description RFC 9457 problem document. */
    Problem: {
      /** @description `about:blank`-style reference made from the code; not to be fetched. */
      type: string;
      title: string;
      status: number;
      /** @description A sentence for people. */
      detail: string;
      /** @description Stable code for programs, for example `run.not_found`. */
      code: string;
      requestId: string;
      /** @description True where the same request may succeed later without a change. */
      retryable: boolean;
      /** @description Every single mistake that was found. */
      errors: components['schemas']['ProblemDetail'][];
    } & {
      [key: string]: unknown;
    };
    ProblemDetail: {
      /** @description Stable code of this mistake. */
      code: string;
      message: string;
      /** @description JSON Pointer (RFC 6901) into the body, or into the query or path parameters. */
      pointer?: string;
      /** @description File inside the bundle. */
      file?: string;
      /** @description Counted from 1. */
      line?: number;
      /** @description Counted from 1. */
      column?: number;
      /** @description What to do about it. */
      hint?: string;
    };
    PromoteDeployment: {
      /** @description Slug of the environment to deploy to. */
      environment: string;
      /**
       * @description `false`: make the versions, but leave the active ones as they are.
       * @default true
       */
      activate: boolean;
      /** @description What the deployment is about; default: the message of the first. */
      message?: string;
    };
    Readiness: {
      ready: boolean;
      missing: {
        part: string;
        reason: string;
      }[];
    };
    RefreshToken: {
      /** @description Absent where the session has a cookie. */
      refreshToken?: string;
    };
    ResetPassword: {
      /** @description From the mail, behind the `#` of its link. */
      token: string;
      password: string;
    };
    RotateWebhookSecret: {
      /**
       * @description Hours for which messages are signed with the old secret too.
       * @default 24
       */
      overlapHours: number;
    };
    Run: {
      id: string;
      environmentId: string;
      /** @description Slug of the environment. */
      environment: string;
      pipelineId: string;
      /** @description Name of the pipeline. */
      pipeline: string;
      versionId: string;
      /** @description Number of the version; a run keeps the one it began with. */
      version: number;
      /** @enum {string} */
      state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
      /** @description Why, in one machine-readable word: `task_failed`, `platform_fault` … */
      reason: string | null;
      trigger: string;
      createdBy: string;
      /** @description Defaults filled in. `GET …/params` gives the text with every digit. */
      params: {
        [key: string]: unknown;
      };
      /** @description Tasks by state; a mapped task counts once. */
      tasks: {
        [key: string]: number;
      };
      /** Format: date-time */
      createdAt: string;
      startedAt: string | null;
      endedAt: string | null;
      cancelRequestedAt: string | null;
      cancelRequestedBy: string | null;
    };
    RunCost: {
      /** @description Of the whole run, not of this page. */
      total: components['schemas']['Money'];
      split: components['schemas']['CostSplit'];
      /** @description Billed milliseconds. */
      computeMs: number;
      /** @description All tasks of the run, on every page. */
      tasks: components['schemas']['TaskCost'][];
      /** @description Attempts, oldest first. */
      data: components['schemas']['AttemptCost'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    RunEvent: {
      /** @description Rises within the run; the id of the event in the stream. */
      seq: number;
      /** Format: date-time */
      at: string;
      /** @enum {string} */
      type: 'run' | 'task';
      taskId: string | null;
      mapIndex: number | null;
      /** @enum {string} */
      state:
        | 'queued'
        | 'running'
        | 'succeeded'
        | 'failed'
        | 'cancelled'
        | 'waiting'
        | 'up_for_retry'
        | 'sleeping'
        | 'skipped'
        | 'upstream_failed';
      reason: string | null;
      mapLength: number | null;
    };
    RunEventPage: {
      data: components['schemas']['RunEvent'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    RunLogLine: {
      attemptId: string;
      taskId: string;
      /** @description -1 where the task is not mapped. */
      mapIndex: number;
      /** @description Number of the attempt (its fence). */
      attempt: number;
      /** @description Counts the lines of the attempt from 1. */
      seq: number;
      /**
       * Format: date-time
       * @description By the clock of the machine that wrote it.
       */
      at: string;
      /**
       * @description `system`: a line of the platform.
       * @enum {string}
       */
      stream: 'stdout' | 'stderr' | 'system';
      text: string;
    };
    RunLogPage: {
      data: (components['schemas']['RunLogLine'] | components['schemas']['MissingRunLogLines'])[];
      /** @description True where it has ended and this page reaches the end: nothing more will come. */
      complete: boolean;
      /**
       * @description There where lines at the end are missing, or may be: the runner was lost, or wrote more than came.
       * @enum {boolean}
       */
      incomplete?: true;
      /** @description Give it as `cursor` for what follows; null where there is nothing yet. */
      nextCursor: string | null;
    };
    RunPage: {
      data: components['schemas']['Run'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    Runner: {
      id: string;
      /** @enum {string} */
      state: 'starting' | 'ready' | 'draining' | 'ended';
      pid: number | null;
      /** @description Operating-system user of the process: one for each pool. */
      uid: number | null;
      host: string;
      /** @description How well its machine isolates; `unknown` until it has connected. */
      tier: string;
      slots: number;
      /** @description Task attempts that it holds now. */
      leases: number;
      version: string;
      /** Format: date-time */
      startedAt: string;
      connectedAt: string | null;
      endedAt: string | null;
      endReason: string | null;
    };
    RunnerPage: {
      data: components['schemas']['Runner'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    Secret: {
      name: string;
      /** @description Rises with each change. */
      version: number;
      createdBy: string;
      /**
       * Format: date-time
       * @description When this version was set.
       */
      createdAt: string;
    };
    SecretPage: {
      data: components['schemas']['Secret'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    SecretValue: {
      value: string;
    };
    Session: {
      /** @description Send it as `Authorization: Bearer …`. */
      accessToken: string;
      /** Format: date-time */
      accessExpiresAt: string;
      /** @description Good once, for a new pair of tokens. Absent where the session has a cookie. */
      refreshToken?: string;
      /** Format: date-time */
      refreshExpiresAt: string;
      organizationId: string;
      userId: string;
    };
    SignUp: {
      organization: {
        name: string;
        slug: string;
      };
      /** Format: email */
      email: string;
      name: string;
      /** @description Of the account; where one with this e-mail address exists, its password. */
      password: string;
      /**
       * @description `token` (the default): the refresh token stands in the body. `cookie`: it is set as a cookie that only `/v1/token:refresh` gets, for pages of this server.
       * @enum {string}
       */
      session?: 'token' | 'cookie';
    };
    StartPipelineRun: {
      /** @description Checked against the schema of the version; default `{}`. At most 256 KiB. */
      params?: {
        [key: string]: unknown;
      };
      /** @description Number or id of a version; default: the active one. */
      version?: number | string;
    };
    StartRun: {
      /** @description Id or name of the pipeline. */
      pipeline: string;
      /** @description Checked against the schema of the version; default `{}`. At most 256 KiB. */
      params?: {
        [key: string]: unknown;
      };
      /** @description Number or id of a version; default: the active one. */
      version?: number | string;
    };
    TaskChange: {
      task: string;
      /** @enum {string} */
      change: 'added' | 'changed' | 'removed';
      fields: components['schemas']['FieldChange'][];
      /** @description The file that it runs differs; for compiled code, anything that it imports from the bundle. */
      codeChanged: boolean;
    };
    TaskCost: {
      taskId: string;
      total: components['schemas']['Money'];
      split: components['schemas']['CostSplit'];
      /** @description Billed milliseconds. */
      computeMs: number;
      /** @description How many there are, of all its instances. */
      attempts: number;
    };
    TaskInstance: {
      /** @description Id of the task in the pipeline. */
      taskId: string;
      /** @description Place in the list that the task is mapped over; -1 where it is not mapped. */
      mapIndex: number;
      /** @enum {string} */
      state:
        | 'waiting'
        | 'queued'
        | 'running'
        | 'up_for_retry'
        | 'sleeping'
        | 'succeeded'
        | 'failed'
        | 'skipped'
        | 'upstream_failed'
        | 'cancelled';
      reason: string | null;
      poolId: string | null;
      /** @description For a mapped task as a whole: how many instances it has. */
      mapLength: number | null;
      /** @description For a mapped task as a whole. */
      instances: {
        [key: string]: number;
      } | null;
      /** @description Tries of the retry policy that were begun. */
      tries: number;
      /** @description Tries, and repeats that were the fault of the platform. */
      dispatches: number;
      queuedAt: string | null;
      startedAt: string | null;
      endedAt: string | null;
    };
    TaskInstancePage: {
      data: components['schemas']['TaskInstance'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    TaskOutput: {
      /** @description Id of the task in the pipeline. */
      taskId: string;
      /** @description Place in the list that the task is mapped over; -1 where it is not mapped. */
      mapIndex: number;
      /** @description Bytes of JSON text. */
      bytes: number;
      /** @description The JSON text, to the byte; null where it is longer than 16 KiB. */
      text: string | null;
      /** @description True where it lies in the object store. */
      large: boolean;
    };
    TaskOutputPage: {
      data: components['schemas']['TaskOutput'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    TimelineEntry: {
      id: string;
      /** @description Id of the task in the pipeline. */
      taskId: string;
      /** @description Place in the list that the task is mapped over; -1 where it is not mapped. */
      mapIndex: number;
      /** @description Rises with each lease of the instance; only the newest can end it. */
      fence: number;
      try: number;
      /** @enum {string} */
      state: 'leased' | 'succeeded' | 'failed' | 'timed_out' | 'cancelled' | 'lost';
      reason: string | null;
      runnerId: string | null;
      /**
       * @description How it, or the first attempt of its stretch, reached the runner.
       * @enum {string}
       */
      way: 'direct' | 'offered' | 'queued';
      /** @description First attempt of the stretch that the runner executed back to back; null for that one itself. */
      stretchId: string | null;
      /** @description Its instance became ready. */
      acceptedAt: string | null;
      /**
       * Format: date-time
       * @description It was promised to a runner.
       */
      leasedAt: string;
      /** @description It was pushed to its runner; null where the runner asked for it. */
      offeredAt: string | null;
      /** @description The code of the task began. */
      startedAt: string | null;
      endedAt: string | null;
      /** @description Its end was accepted and is durable. */
      committedAt: string | null;
    };
    TimelinePage: {
      data: components['schemas']['TimelineEntry'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    Usage: {
      /** Format: date-time */
      from: string;
      /** Format: date-time */
      to: string;
      /** @enum {string} */
      groupBy: 'day' | 'pipeline' | 'environment' | 'meter';
      /** @description Of the whole time, not of this page. */
      total: components['schemas']['Money'];
      split: components['schemas']['CostSplit'];
      /** @description Billed milliseconds. */
      computeMs: number;
      taskRuns: number;
      data: components['schemas']['UsageLine'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    UsageLine: {
      /** @description The day, the id of the pipeline or environment, or the meter; empty for none. */
      key: string;
      /** @description Name of the pipeline, slug of the environment. */
      name: string | null;
      total: components['schemas']['Money'];
      split: components['schemas']['CostSplit'];
      /** @description Billed milliseconds. */
      computeMs: number;
      taskRuns: number;
    };
    ValidPipeline: {
      pipeline: string;
      file: string | null;
      tasks: number;
    };
    Variable: {
      name: string;
      value: string;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
    };
    VariablePage: {
      data: components['schemas']['Variable'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    VariableValue: {
      value: string;
    };
    VerifyEmail: {
      /** @description From the mail, behind the `#` of its link. */
      token: string;
    };
    Version: {
      id: string;
      pipelineId: string;
      /** @description Counts from 1 within the pipeline. */
      number: number;
      /** @description Digest of the content: definition, files, exact dependencies. */
      digest: string;
      active: boolean;
      bundleDigest: string;
      deploymentId: string;
      /** Format: date-time */
      createdAt: string;
    };
    VersionDetail: {
      id: string;
      pipelineId: string;
      /** @description Counts from 1 within the pipeline. */
      number: number;
      /** @description Digest of the content: definition, files, exact dependencies. */
      digest: string;
      active: boolean;
      bundleDigest: string;
      deploymentId: string;
      /** Format: date-time */
      createdAt: string;
      /** @description The definition as it was pushed. */
      definition: unknown;
      /** @description File of the bundle that holds the definition. */
      sourceFile: string | null;
      /** @description What a run carries out: every default resolved. */
      plan: unknown;
      /** @description JSON Schema (2020-12) of the params of a run. */
      params: unknown;
      /** @description Who is told of what; null where the definition does not say. */
      notify:
        | {
            on: ('failed' | 'recovered' | 'deadline_missed')[];
            email?: string[];
            webhook?: string;
          }[]
        | null;
      /** @description From the creation of a run to its end, in milliseconds. */
      deadlineMs: number | null;
      files: {
        path: string;
        sizeBytes: number;
        /** @description SHA-256 of the content; absent in bundles pushed before 0.2.0. */
        digest?: string;
      }[];
    };
    VersionPage: {
      data: components['schemas']['Version'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    Webhook: {
      id: string;
      /** @description What notify rules call it; never changes. */
      name: string;
      /** @description Where messages are sent. Of the format `slack` without its path, which is a credential. */
      url: string;
      /** @enum {string} */
      format: 'standard' | 'slack';
      enabled: boolean;
      disabledReason: string | null;
      /** @description Since when every attempt failed; after 72 hours it is switched off. */
      failingSince: string | null;
      /** @description Until when messages are signed with the secret before the last rotation too. */
      previousSecretUntil: string | null;
      createdBy: string;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
    };
    WebhookPage: {
      data: components['schemas']['Webhook'][];
      /** @description Give it as `cursor` for the next page; null on the last. */
      nextCursor: string | null;
    };
    WebhookPatch: {
      url?: string;
      /** @description False: nothing is sent to it, and what would be is on record as failed. */
      enabled?: boolean;
    };
    WebhookWithSecret: {
      id: string;
      /** @description What notify rules call it; never changes. */
      name: string;
      /** @description Where messages are sent. Of the format `slack` without its path, which is a credential. */
      url: string;
      /** @enum {string} */
      format: 'standard' | 'slack';
      enabled: boolean;
      disabledReason: string | null;
      /** @description Since when every attempt failed; after 72 hours it is switched off. */
      failingSince: string | null;
      /** @description Until when messages are signed with the secret before the last rotation too. */
      previousSecretUntil: string | null;
      createdBy: string;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
      /** @description `whsec_…`, for the libraries of Standard Webhooks. Shown this once. */
      secret: string;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  getHealth: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Is the process up */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Health'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getReadiness: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Can the process do its work */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Readiness'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAlerts: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
        /** @description Id or name. */
        pipeline?: string;
        state?: 'open' | 'recovered';
        event?: 'failed' | 'deadline_missed';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List alerts */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AlertPage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getAlert: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        alert: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show an alert */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Alert'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listApiKeys: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List API keys */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiKeyPage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `manage`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createApiKey: {
    parameters: {
      query?: never;
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewApiKey'];
      };
    };
    responses: {
      /** @description Make an API key */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MadeApiKey'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `manage`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        apiKey: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show an API key */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiKey'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `manage`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  revokeApiKey: {
    parameters: {
      query?: never;
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        apiKey: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Revoke an API key */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `manage`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rotateApiKey: {
    parameters: {
      query?: never;
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        apiKey: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Replace an API key */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MadeApiKey'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `manage`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getArtifact: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        artifact: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show an artifact */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Artifact'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getArtifactContent: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        artifact: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Download an artifact */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/octet-stream': string;
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The artifact has no bytes in that range. */
      416: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAuditEvents: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
        /** @description Only by this person or key. */
        actor?: string;
        /** @description Only this action, such as `secret.set`. */
        action?: string;
        /** @description Only on this thing. */
        target?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List changes */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AuditEventPage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `manage`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listConnections: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List connections */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ConnectionPage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getConnection: {
    parameters: {
      query?: {
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: {
        /** @description An `ETag` that you have: where it is still the one, the answer is 304 without a body. */
        'If-None-Match'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show a connection */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Connection'];
        };
      };
      /** @description It is as `If-None-Match` says. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  putConnection: {
    parameters: {
      query?: {
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: {
        /** @description The `ETag` of what you have seen: where it has been changed since, nothing happens and the answer is 412. `If-None-Match: *` refuses to replace what is there. */
        'If-Match'?: string;
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ConnectionSettings'];
      };
    };
    responses: {
      /** @description Set a connection */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Connection'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `manage`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It has been changed since: `errors` has a pointer to each field that differs. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteConnection: {
    parameters: {
      query?: {
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: {
        /** @description The `ETag` of what you have seen: where it has been changed since, nothing happens and the answer is 412. `If-None-Match: *` refuses to replace what is there. */
        'If-Match'?: string;
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Delete a connection */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `manage`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It has been changed since: `errors` has a pointer to each field that differs. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listDeliveries: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
        state?: 'pending' | 'succeeded' | 'failed';
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
        /** @description Only those of this alert. */
        alert?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List deliveries */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DeliveryPage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getDelivery: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        delivery: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show a delivery */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DeliveryDetails'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  replayDelivery: {
    parameters: {
      query?: never;
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        delivery: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Send a message again */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Delivery'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `manage`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listDeployments: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
        /** @description Name or id of a pipeline that the deployment made a version of. */
        pipeline?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List deployments */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DeploymentPage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createDeployment: {
    parameters: {
      query?: {
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
        /** @description `false`: make the versions, but leave the active ones as they are. */
        activate?: 'true' | 'false';
        /** @description What the deployment is about, for people. */
        message?: string;
        /** @description Where the bundle comes from: address of the repository. */
        repository?: string;
        /** @description Commit of the bundle. */
        commit?: string;
        /** @description Branch of the commit. */
        branch?: string;
        /** @description Message of the commit. */
        commitMessage?: string;
        /** @description `true`: the working copy had changes beyond the commit. */
        dirty?: 'true' | 'false';
      };
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    /** @description Up to 67108864 bytes of application/gzip or application/x-gzip or application/x-tar+gzip or application/x-gtar or application/zip or application/x-zip-compressed or application/octet-stream or application/json. */
    requestBody: {
      content: {
        'application/gzip': string;
        'application/zip': string;
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description Push a bundle */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Deployment'];
        };
      };
      /** @description Accepted: the dependencies are being built. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Deployment'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `deploy`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The bundle has mistakes: `errors` names file, line and column of each. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getDeployment: {
    parameters: {
      query?: {
        /** @description Hold the answer until it is final, at most this long: `30s`, `500ms`; up to 60s. */
        wait?: string;
      };
      header?: never;
      path: {
        deployment: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show a deployment */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Deployment'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getDeploymentLog: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        deployment: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Read the log of a deployment */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/plain': string;
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  promoteDeployment: {
    parameters: {
      query?: never;
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        deployment: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PromoteDeployment'];
      };
    };
    responses: {
      /** @description Deploy to another environment what was deployed here */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Deployment'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `deploy`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description The other environment lacks something; `errors` names all of it.
       *
       *     It conflicts with the present state, or the Idempotency-Key is in use for another request.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rollbackDeployment: {
    parameters: {
      query?: never;
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        deployment: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Roll a deployment back */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Deployment'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `deploy`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  diffDeployments: {
    parameters: {
      query?: {
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
        /** @description Id of a version or of a deployment, or slug of an environment (its active versions). */
        from?: string;
        /** @description Id of a version or of a deployment, or slug of an environment (its active versions). */
        to?: string;
      };
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    /** @description Up to 67108864 bytes of application/gzip or application/x-gzip or application/x-tar+gzip or application/x-gtar or application/zip or application/x-zip-compressed or application/octet-stream or application/json. */
    requestBody: {
      content: {
        'application/gzip': string;
        'application/zip': string;
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description Compare deployments, versions, environments or a bundle */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DeploymentDiff'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The bundle has mistakes, or there is nothing to compare. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  validateBundle: {
    parameters: {
      query?: {
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    /** @description Up to 67108864 bytes of application/gzip or application/x-gzip or application/x-tar+gzip or application/x-gtar or application/zip or application/x-zip-compressed or application/octet-stream or application/json. */
    requestBody: {
      content: {
        'application/gzip': string;
        'application/zip': string;
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description Check a bundle */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BundleValidation'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `deploy`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The bundle has mistakes: `errors` names file, line and column of each. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  resendVerification: {
    parameters: {
      query?: never;
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Send the mail that verifies your address again */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description The address is verified, or the caller is an API key.
       *
       *     It conflicts with the present state, or the Idempotency-Key is in use for another request.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  verifyEmail: {
    parameters: {
      query?: never;
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['VerifyEmail'];
      };
    };
    responses: {
      /** @description Prove that an e-mail address is read */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The token is unknown, used or expired. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listEnvironments: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List environments */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EnvironmentPage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createEnvironment: {
    parameters: {
      query?: never;
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewEnvironment'];
      };
    };
    responses: {
      /** @description Create an environment */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Environment'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `manage`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getEnvironment: {
    parameters: {
      query?: never;
      header?: {
        /** @description An `ETag` that you have: where it is still the one, the answer is 304 without a body. */
        'If-None-Match'?: string;
      };
      path: {
        /** @description Id or slug. */
        environment: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show an environment */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Environment'];
        };
      };
      /** @description It is as `If-None-Match` says. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteEnvironment: {
    parameters: {
      query?: never;
      header?: {
        /** @description The `ETag` of what you have seen: where it has been changed since, nothing happens and the answer is 412. `If-None-Match: *` refuses to replace what is there. */
        'If-Match'?: string;
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Id or slug. */
        environment: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Delete an environment */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `manage`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description It is `production`, or `errors` lists what is in the way: runs, bound API keys, deployments, runners.
       *
       *     It conflicts with the present state, or the Idempotency-Key is in use for another request.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It has been changed since: `errors` has a pointer to each field that differs. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  patchEnvironment: {
    parameters: {
      query?: never;
      header?: {
        /** @description The `ETag` of what you have seen: where it has been changed since, nothing happens and the answer is 412. `If-None-Match: *` refuses to replace what is there. */
        'If-Match'?: string;
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Id or slug. */
        environment: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['EnvironmentPatch'];
      };
    };
    responses: {
      /** @description Change an environment: its name, and who is told of failures */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Environment'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `manage`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It has been changed since: `errors` has a pointer to each field that differs. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listInvitations: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List invitations */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InvitationPage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `manage`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createInvitation: {
    parameters: {
      query?: never;
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewInvitation'];
      };
    };
    responses: {
      /** @description Invite a person */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MadeInvitation'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description The e-mail address of the account has not been verified.
       *
       *     The credential lacks the scope `manage`.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  revokeInvitation: {
    parameters: {
      query?: never;
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        invitation: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Take an invitation back */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `manage`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  acceptInvitation: {
    parameters: {
      query?: never;
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['AcceptInvitation'];
      };
    };
    responses: {
      /** @description Become a member */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'];
        };
      };
      /** @description There is an account with this e-mail address, with another password. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listLedger: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
        /** @description Only entries of this run. */
        run?: string;
        /** @description Only entries at or after this time. */
        from?: string;
        /** @description Only entries before this time. */
        to?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List the entries of the ledger */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LedgerPage'];
          'text/csv': string;
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getLimits: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show what the plan allows and how much of it is used */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Limits'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  logIn: {
    parameters: {
      query?: never;
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['LogIn'];
      };
    };
    responses: {
      /** @description Log in */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'];
        };
      };
      /** @description E-mail address or password is wrong. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description You belong to several organizations and named none: `errors` lists their slugs.
       *
       *     It conflicts with the present state, or the Idempotency-Key is in use for another request.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many attempts; `Retry-After` says how long to wait. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  logOut: {
    parameters: {
      query?: never;
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description End this session */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description The caller is an API key: revoke it instead.
       *
       *     It conflicts with the present state, or the Idempotency-Key is in use for another request.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listMailbox: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List the mail to you */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MailboxPage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getMailboxMessage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        message: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show a mail to you */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MailboxMessage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getMe: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Who am I */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Me'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listMembers: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List members */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MemberPage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getMember: {
    parameters: {
      query?: never;
      header?: {
        /** @description An `ETag` that you have: where it is still the one, the answer is 304 without a body. */
        'If-None-Match'?: string;
      };
      path: {
        user: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show a member */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Member'];
        };
      };
      /** @description It is as `If-None-Match` says. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeMember: {
    parameters: {
      query?: never;
      header?: {
        /** @description The `ETag` of what you have seen: where it has been changed since, nothing happens and the answer is 412. `If-None-Match: *` refuses to replace what is there. */
        'If-Match'?: string;
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        user: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Remove a member, or leave */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description The last owner cannot leave.
       *
       *     It conflicts with the present state, or the Idempotency-Key is in use for another request.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It has been changed since: `errors` has a pointer to each field that differs. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  patchMember: {
    parameters: {
      query?: never;
      header?: {
        /** @description The `ETag` of what you have seen: where it has been changed since, nothing happens and the answer is 412. `If-None-Match: *` refuses to replace what is there. */
        'If-Match'?: string;
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        user: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['MemberPatch'];
      };
    };
    responses: {
      /** @description Change the role of a member */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Member'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `manage`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description The last owner stays one.
       *
       *     It conflicts with the present state, or the Idempotency-Key is in use for another request.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It has been changed since: `errors` has a pointer to each field that differs. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getOrganization: {
    parameters: {
      query?: never;
      header?: {
        /** @description An `ETag` that you have: where it is still the one, the answer is 304 without a body. */
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show the organization */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Organization'];
        };
      };
      /** @description It is as `If-None-Match` says. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  patchOrganization: {
    parameters: {
      query?: never;
      header?: {
        /** @description The `ETag` of what you have seen: where it has been changed since, nothing happens and the answer is 412. `If-None-Match: *` refuses to replace what is there. */
        'If-Match'?: string;
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['OrganizationPatch'];
      };
    };
    responses: {
      /** @description Rename the organization */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Organization'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `manage`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It has been changed since: `errors` has a pointer to each field that differs. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  changePassword: {
    parameters: {
      query?: never;
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangePassword'];
      };
    };
    responses: {
      /** @description Change your password */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description The present password is another one.
       *
       *     The credential lacks the scope `read`.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description The caller is an API key.
       *
       *     It conflicts with the present state, or the Idempotency-Key is in use for another request.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  forgotPassword: {
    parameters: {
      query?: never;
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ForgotPassword'];
      };
    };
    responses: {
      /** @description Ask for a new password */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many mails to this address, or from yours. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  resetPassword: {
    parameters: {
      query?: never;
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ResetPassword'];
      };
    };
    responses: {
      /** @description Set a new password */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The token is unknown, used or expired. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listPipelines: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List pipelines */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PipelinePage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getPipeline: {
    parameters: {
      query?: {
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: never;
      path: {
        /** @description Id or name of the pipeline. */
        pipeline: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show a pipeline */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Pipeline'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  startPipelineRun: {
    parameters: {
      query?: {
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
        /** @description Hold the answer until it is final, at most this long: `30s`, `500ms`; up to 60s. */
        wait?: string;
      };
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Id or name of the pipeline. */
        pipeline: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['StartPipelineRun'];
      };
    };
    responses: {
      /** @description Run a pipeline */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Run'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `run`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description The pipeline is paused, or allows no more runs at a time.
       *
       *     It conflicts with the present state, or the Idempotency-Key is in use for another request.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The params do not fit: `errors` has a pointer for each mistake. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A limit of the plan is reached. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listVersions: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: never;
      path: {
        /** @description Id or name of the pipeline. */
        pipeline: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List the versions of a pipeline */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['VersionPage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getVersion: {
    parameters: {
      query?: {
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: never;
      path: {
        /** @description Id or name of the pipeline. */
        pipeline: string;
        /** @description Id or number of the version. */
        version: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show a version */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['VersionDetail'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  activateVersion: {
    parameters: {
      query?: {
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Id or name of the pipeline. */
        pipeline: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ActivateVersion'];
      };
    };
    responses: {
      /** @description Activate a version */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Pipeline'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `deploy`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  pausePipeline: {
    parameters: {
      query?: {
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Id or name of the pipeline. */
        pipeline: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Pause a pipeline */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Pipeline'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `run`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rollbackPipeline: {
    parameters: {
      query?: {
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Id or name of the pipeline. */
        pipeline: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Roll a pipeline back */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Pipeline'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `deploy`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  unpausePipeline: {
    parameters: {
      query?: {
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Id or name of the pipeline. */
        pipeline: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Unpause a pipeline */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Pipeline'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `run`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listPools: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List pools */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PoolPage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createPool: {
    parameters: {
      query?: {
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewPool'];
      };
    };
    responses: {
      /** @description Create a pool */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Pool'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `manage`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getPool: {
    parameters: {
      query?: {
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: {
        /** @description An `ETag` that you have: where it is still the one, the answer is 304 without a body. */
        'If-None-Match'?: string;
      };
      path: {
        /** @description Id or name. */
        pool: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show a pool */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Pool'];
        };
      };
      /** @description It is as `If-None-Match` says. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deletePool: {
    parameters: {
      query?: {
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: {
        /** @description The `ETag` of what you have seen: where it has been changed since, nothing happens and the answer is 412. `If-None-Match: *` refuses to replace what is there. */
        'If-Match'?: string;
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Id or name. */
        pool: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Delete a pool */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `manage`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description It is in use, or it is the pool `default`.
       *
       *     It conflicts with the present state, or the Idempotency-Key is in use for another request.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It has been changed since: `errors` has a pointer to each field that differs. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  patchPool: {
    parameters: {
      query?: {
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: {
        /** @description The `ETag` of what you have seen: where it has been changed since, nothing happens and the answer is 412. `If-None-Match: *` refuses to replace what is there. */
        'If-Match'?: string;
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Id or name. */
        pool: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PoolPatch'];
      };
    };
    responses: {
      /** @description Change a pool */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Pool'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `manage`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It has been changed since: `errors` has a pointer to each field that differs. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getPoolLatency: {
    parameters: {
      query?: {
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
        /** @description Runs created from then on; default: an hour ago. */
        since?: string;
        /** @description The newest so many runs of the environment are looked at; default 1000. */
        runs?: string;
      };
      header?: never;
      path: {
        /** @description Id or name. */
        pool: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show how soon runs begin in a pool */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PoolLatency'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listRunners: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
        /** @description Only runners in this state. */
        state?: 'starting' | 'ready' | 'draining' | 'ended';
      };
      header?: never;
      path: {
        /** @description Id or name. */
        pool: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List the runners of a pool */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunnerPage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listRuns: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
        /** @description Id or name of a pipeline. */
        pipeline?: string;
        state?: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
        createdAfter?: string;
        createdBefore?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List runs */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunPage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  startRun: {
    parameters: {
      query?: {
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
        /** @description Hold the answer until it is final, at most this long: `30s`, `500ms`; up to 60s. */
        wait?: string;
      };
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['StartRun'];
      };
    };
    responses: {
      /** @description Run a pipeline that the body names */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Run'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `run`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description The pipeline is paused, or allows no more runs at a time.
       *
       *     It conflicts with the present state, or the Idempotency-Key is in use for another request.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The params do not fit: `errors` has a pointer for each mistake. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A limit of the plan is reached. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getRun: {
    parameters: {
      query?: {
        /** @description Hold the answer until it is final, at most this long: `30s`, `500ms`; up to 60s. */
        wait?: string;
      };
      header?: never;
      path: {
        run: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show a run */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Run'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listArtifacts: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
        /** @description Only those of this task. */
        task?: string;
      };
      header?: never;
      path: {
        run: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List the artifacts of a run */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ArtifactPage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAttempts: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
        task?: string;
        mapIndex?: string;
        state?: 'leased' | 'succeeded' | 'failed' | 'timed_out' | 'cancelled' | 'lost';
      };
      header?: never;
      path: {
        run: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List the attempts of a run */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AttemptPage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getRunCost: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path: {
        run: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show what a run costs */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunCost'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listRunEvents: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
        /** @description Begin after the event with this `seq`. */
        after?: string;
      };
      header?: never;
      path: {
        run: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List or follow the events of a run */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunEventPage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getRunLog: {
    parameters: {
      query?: {
        /** @description How many lines at most, 1 to 5000; default: 1000, and everything as text. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
        /** @description `text`: lines to read, gaps named; with `limit`, the `Link` header leads to the next page. */
        format?: 'json' | 'text';
      };
      header?: never;
      path: {
        run: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Read the logs of a run */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunLogPage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listOutputs: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path: {
        run: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List the outputs of a run */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TaskOutputPage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getRunParams: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        run: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Read the params of a run */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': string;
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listTasks: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
        state?:
          | 'waiting'
          | 'queued'
          | 'running'
          | 'up_for_retry'
          | 'sleeping'
          | 'succeeded'
          | 'failed'
          | 'skipped'
          | 'upstream_failed'
          | 'cancelled';
        /** @description The instances of this task, one by one. */
        task?: string;
        /** @description With `task`: the instances from this index on. */
        fromIndex?: string;
      };
      header?: never;
      path: {
        run: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List the tasks of a run */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TaskInstancePage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getTaskLog: {
    parameters: {
      query?: {
        /** @description Which instance of a mapped task. */
        mapIndex?: number;
        /** @description Number of the attempt (its fence); default: the newest. */
        attempt?: number;
        /** @description How many lines at most, 1 to 5000; default: 1000, and everything as text. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
        /** @description `text`: lines to read, gaps named; with `limit`, the `Link` header leads to the next page. */
        format?: 'json' | 'text';
      };
      header?: never;
      path: {
        run: string;
        task: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Read the log of a task */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LogPage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  streamTaskLog: {
    parameters: {
      query?: {
        /** @description Which instance of a mapped task. */
        mapIndex?: number;
        /** @description Number of the attempt (its fence); default: the newest. */
        attempt?: number;
      };
      header?: never;
      path: {
        run: string;
        task: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Follow the log of a task */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/event-stream': string;
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getTaskOutput: {
    parameters: {
      query?: {
        /** @description One instance of a mapped task; without it, the list of all. */
        mapIndex?: string;
      };
      header?: never;
      path: {
        run: string;
        task: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Read the output of a task */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': string;
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is no such run or task, or it has no output. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getTimeline: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path: {
        run: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show when each attempt was where */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TimelinePage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  cancelRun: {
    parameters: {
      query?: never;
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        run: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CancelRun'];
      };
    };
    responses: {
      /** @description Cancel a run */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Run'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `run`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /**
       * @description The run has ended.
       *
       *     It conflicts with the present state, or the Idempotency-Key is in use for another request.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getPipelineSchema: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description JSON Schema of the pipeline format */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/schema+json': string;
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listSecrets: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List secrets */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SecretPage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getSecret: {
    parameters: {
      query?: {
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: {
        /** @description An `ETag` that you have: where it is still the one, the answer is 304 without a body. */
        'If-None-Match'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show a secret */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Secret'];
        };
      };
      /** @description It is as `If-None-Match` says. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  putSecret: {
    parameters: {
      query?: {
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: {
        /** @description The `ETag` of what you have seen: where it has been changed since, nothing happens and the answer is 412. `If-None-Match: *` refuses to replace what is there. */
        'If-Match'?: string;
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SecretValue'];
      };
    };
    responses: {
      /** @description Set a secret */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Secret'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `manage`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It has been changed since: `errors` has a pointer to each field that differs. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteSecret: {
    parameters: {
      query?: {
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: {
        /** @description The `ETag` of what you have seen: where it has been changed since, nothing happens and the answer is 412. `If-None-Match: *` refuses to replace what is there. */
        'If-Match'?: string;
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Destroy a secret */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `manage`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It has been changed since: `errors` has a pointer to each field that differs. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  signUp: {
    parameters: {
      query?: never;
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SignUp'];
      };
    };
    responses: {
      /** @description Sign up an organization */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'];
        };
      };
      /** @description There is an account with this e-mail address, with another password. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  refreshSession: {
    parameters: {
      query?: never;
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RefreshToken'];
      };
    };
    responses: {
      /** @description Exchange a refresh token for new tokens */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'];
        };
      };
      /** @description The refresh token is absent, unknown, expired, used or revoked. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The cookie came from a page of another site. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getUsage: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
        /** @description From this time on; default: the beginning of the month (UTC) of `to`. */
        from?: string;
        /** @description Before this time; default: now. */
        to?: string;
        groupBy?: 'day' | 'pipeline' | 'environment' | 'meter';
        /** @description Only this environment (slug); default: all. */
        environment?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show usage */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Usage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listVariables: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List variables */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['VariablePage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getVariable: {
    parameters: {
      query?: {
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: {
        /** @description An `ETag` that you have: where it is still the one, the answer is 304 without a body. */
        'If-None-Match'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show a variable */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Variable'];
        };
      };
      /** @description It is as `If-None-Match` says. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  putVariable: {
    parameters: {
      query?: {
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: {
        /** @description The `ETag` of what you have seen: where it has been changed since, nothing happens and the answer is 412. `If-None-Match: *` refuses to replace what is there. */
        'If-Match'?: string;
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['VariableValue'];
      };
    };
    responses: {
      /** @description Set a variable */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Variable'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `deploy`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It has been changed since: `errors` has a pointer to each field that differs. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteVariable: {
    parameters: {
      query?: {
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: {
        /** @description The `ETag` of what you have seen: where it has been changed since, nothing happens and the answer is 412. `If-None-Match: *` refuses to replace what is there. */
        'If-Match'?: string;
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Delete a variable */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `deploy`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It has been changed since: `errors` has a pointer to each field that differs. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listWebhooks: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List webhooks */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookPage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createWebhook: {
    parameters: {
      query?: {
        /** @description Slug of the environment; default: the one of the API key, else `production`. */
        environment?: string;
      };
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewWebhook'];
      };
    };
    responses: {
      /** @description Create a webhook */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookWithSecret'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `manage`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getWebhook: {
    parameters: {
      query?: never;
      header?: {
        /** @description An `ETag` that you have: where it is still the one, the answer is 304 without a body. */
        'If-None-Match'?: string;
      };
      path: {
        webhook: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Show a webhook */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Webhook'];
        };
      };
      /** @description It is as `If-None-Match` says. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteWebhook: {
    parameters: {
      query?: never;
      header?: {
        /** @description The `ETag` of what you have seen: where it has been changed since, nothing happens and the answer is 412. `If-None-Match: *` refuses to replace what is there. */
        'If-Match'?: string;
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        webhook: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Delete a webhook */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `manage`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It has been changed since: `errors` has a pointer to each field that differs. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  patchWebhook: {
    parameters: {
      query?: never;
      header?: {
        /** @description The `ETag` of what you have seen: where it has been changed since, nothing happens and the answer is 412. `If-None-Match: *` refuses to replace what is there. */
        'If-Match'?: string;
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        webhook: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['WebhookPatch'];
      };
    };
    responses: {
      /** @description Change a webhook, or switch it on or off */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Webhook'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `manage`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It has been changed since: `errors` has a pointer to each field that differs. */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listWebhookDeliveries: {
    parameters: {
      query?: {
        /** @description How many items at most, 1 to 200. */
        limit?: number;
        /** @description The `nextCursor` of the page before. */
        cursor?: string;
        state?: 'pending' | 'succeeded' | 'failed';
      };
      header?: never;
      path: {
        webhook: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description List deliveries to a webhook */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DeliveryPage'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `read`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rotateWebhookSecret: {
    parameters: {
      query?: never;
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        webhook: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RotateWebhookSecret'];
      };
    };
    responses: {
      /** @description Replace the secret of a webhook */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookWithSecret'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `manage`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  testWebhook: {
    parameters: {
      query?: never;
      header?: {
        /** @description Up to 255 printable ASCII characters, chosen anew for each operation. A repeat with the same key and body within 7 days gets the stored response, with `Idempotency-Replayed: true`, and has no second effect. */
        'Idempotency-Key'?: string;
      };
      path: {
        webhook: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Send a test message */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Delivery'];
        };
      };
      /** @description No valid credential. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The credential lacks the scope `manage`. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It conflicts with the present state, or the Idempotency-Key is in use for another request. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Any refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
}
