-- Addresses of third parties that are told of events. An address may hold a secret of its own and a description a name, so both
-- are sealed. `taken` counts who sends there: whoever does not hold the latest number has nothing to write down any more. A
-- deleted address keeps its row, emptied, until its deliveries are purged.
CREATE TABLE webhook_endpoints (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  url_sealed $BYTES NOT NULL,
  description_sealed $BYTES NOT NULL,
  events $JSON,
  state TEXT NOT NULL,
  reason TEXT,
  secret_sealed $BYTES NOT NULL,
  previous_sealed $BYTES,
  previous_until $TIME,
  failures INTEGER NOT NULL,
  failing_since $TIME,
  rest_until $TIME,
  taken BIGINT NOT NULL,
  taken_by $UUID,
  taken_until $TIME,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  updated_at $TIME NOT NULL,
  CONSTRAINT webhook_endpoints_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT webhook_endpoints_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id),
  CONSTRAINT webhook_endpoints_state_check CHECK (state IN ('active', 'paused', 'disabled', 'deleted')),
  CONSTRAINT webhook_endpoints_reason_check CHECK (reason IS NULL OR (state = 'disabled' AND reason IN ('gone', 'failing'))),
  CONSTRAINT webhook_endpoints_disabled_check CHECK (state <> 'disabled' OR reason IS NOT NULL),
  CONSTRAINT webhook_endpoints_previous_check CHECK ((previous_sealed IS NULL) = (previous_until IS NULL)),
  CONSTRAINT webhook_endpoints_taken_check CHECK ((taken_by IS NULL) = (taken_until IS NULL)),
  CONSTRAINT webhook_endpoints_failures_check CHECK (failures >= 0 AND (failures = 0) = (failing_since IS NULL))
);
-- What happened, as it is sent: the very bytes that are signed. Ids, states and amounts, nothing personal.
CREATE TABLE webhook_messages (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  event TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at $TIME NOT NULL,
  CONSTRAINT webhook_messages_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT webhook_messages_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CREATE INDEX webhook_messages_age ON webhook_messages (tenant_id, created_at);
-- A message on its way to one address, once each; how the latest attempt went. What the other side answered may hold anything,
-- so it is sealed.
CREATE TABLE webhook_deliveries (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  endpoint_id $UUID NOT NULL,
  message_id $UUID NOT NULL,
  event TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  next_at $TIME,
  last_at $TIME,
  last_status INTEGER,
  last_ms INTEGER,
  last_failure TEXT,
  excerpt_sealed $BYTES,
  created_at $TIME NOT NULL,
  ended_at $TIME,
  CONSTRAINT webhook_deliveries_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT webhook_deliveries_once_key UNIQUE (tenant_id, endpoint_id, message_id),
  CONSTRAINT webhook_deliveries_endpoint_fk FOREIGN KEY (tenant_id, endpoint_id) REFERENCES webhook_endpoints (tenant_id, id),
  CONSTRAINT webhook_deliveries_message_fk FOREIGN KEY (tenant_id, message_id) REFERENCES webhook_messages (tenant_id, id),
  CONSTRAINT webhook_deliveries_state_check CHECK (state IN ('queued', 'delivered', 'failed')),
  CONSTRAINT webhook_deliveries_next_check CHECK ((state = 'queued') = (next_at IS NOT NULL)),
  CONSTRAINT webhook_deliveries_ended_check CHECK ((state = 'queued') = (ended_at IS NULL)),
  CONSTRAINT webhook_deliveries_attempts_check CHECK (attempts >= 0),
  CONSTRAINT webhook_deliveries_failure_check CHECK (last_failure IS NULL OR last_failure IN ('status', 'timeout', 'connection', 'address_refused'))
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (tenant_id, endpoint_id, next_at) WHERE state = 'queued';
CREATE INDEX webhook_deliveries_message ON webhook_deliveries (tenant_id, message_id);
CREATE INDEX webhook_deliveries_age ON webhook_deliveries (tenant_id, created_at);
