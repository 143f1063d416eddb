/** One exact destination. The host is a name or an address literal, never a pattern. */
export interface EgressTarget {
  readonly host: string;
  /** 1–65535. */
  readonly port: number;
}

/** What one execution may reach. Everything that is not allowed here is refused, with a reason in the attempt's log. */
export interface EgressPolicy {
  /**
   * Exact host and port pairs that the operator opened to this organization, also where they resolve to private or
   * loopback addresses. The only exception to the address rules.
   */
  readonly open: readonly EgressTarget[];
  /** Ports that public addresses may be reached on; 80 and 443 where it is left out. Ports of declared connections are added. */
  readonly allowPorts?: readonly number[];
}

/** Why the guard did not let a connection out. */
export type EgressRefusalReason =
  | 'bad_target' // not a host and port that could be understood
  | 'port_not_allowed'
  | 'address_not_public' // loopback, private, link-local, reserved, translated or tunnelled
  | 'metadata_address' // a cloud's instance metadata service
  | 'name_not_resolved'
  | 'connect_failed'
  | 'too_many_connections';

export interface EgressRefusal {
  readonly host: string;
  readonly port: number;
  readonly reason: EgressRefusalReason;
  /** A sentence for the attempt's log. */
  readonly message: string;
}
