-- Tenants and what the platform must see across them. `tenants`, `jobs` and `revocations` are the only tables the
-- platform's door (PlatformTx) can see; nothing in them is personal data in clear.
CREATE TABLE tenants (
  id $UUID NOT NULL,
  slug TEXT NOT NULL,
  name TEXT NOT NULL,
  status TEXT NOT NULL,
  wrapped_key $BYTES NOT NULL,
  created_at $TIME NOT NULL,
  version BIGINT NOT NULL,
  CONSTRAINT tenants_pk PRIMARY KEY (id),
  CONSTRAINT tenants_slug_key UNIQUE (slug),
  CONSTRAINT tenants_status_check CHECK (status IN ('active', 'suspended'))
);
CREATE TABLE jobs (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  kind TEXT NOT NULL,
  payload $BYTES NOT NULL,
  state TEXT NOT NULL,
  run_at $TIME NOT NULL,
  attempts INTEGER NOT NULL,
  lease_until $TIME,
  lease_token BIGINT NOT NULL,
  last_error TEXT,
  created_at $TIME NOT NULL,
  CONSTRAINT jobs_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT jobs_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id),
  CONSTRAINT jobs_state_check CHECK (state IN ('ready', 'done', 'dead'))
);
CREATE INDEX jobs_ready ON jobs (run_at) WHERE state = 'ready';
CREATE TABLE revocations (
  id $UUID NOT NULL,
  tenant_id $UUID NOT NULL,
  subject $UUID NOT NULL,
  revoked_at $TIME NOT NULL,
  CONSTRAINT revocations_pk PRIMARY KEY (id),
  CONSTRAINT revocations_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CREATE INDEX revocations_at ON revocations (revoked_at);
CREATE INDEX revocations_of ON revocations (tenant_id, subject);
CREATE TABLE tenant_settings (
  tenant_id $UUID NOT NULL,
  body $JSON NOT NULL,
  version BIGINT NOT NULL,
  updated_at $TIME NOT NULL,
  CONSTRAINT tenant_settings_pk PRIMARY KEY (tenant_id),
  CONSTRAINT tenant_settings_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CREATE TABLE counters (
  tenant_id $UUID NOT NULL,
  name TEXT NOT NULL,
  value BIGINT NOT NULL,
  CONSTRAINT counters_pk PRIMARY KEY (tenant_id, name),
  CONSTRAINT counters_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CREATE TABLE idempotency_keys (
  tenant_id $UUID NOT NULL,
  principal $UUID NOT NULL,
  operation TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint $BYTES NOT NULL,
  status INTEGER NOT NULL,
  reply $BYTES NOT NULL,
  created_at $TIME NOT NULL,
  CONSTRAINT idempotency_keys_pk PRIMARY KEY (tenant_id, principal, operation, key),
  CONSTRAINT idempotency_keys_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (tenant_id, created_at);
-- The chain: `hash` covers the row's other columns and the hash before it; `detail` is ciphertext.
CREATE TABLE audit_entries (
  tenant_id $UUID NOT NULL,
  seq BIGINT NOT NULL,
  at $TIME NOT NULL,
  actor_kind TEXT NOT NULL,
  actor $UUID NOT NULL,
  action TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object $UUID NOT NULL,
  request_id TEXT NOT NULL,
  detail $BYTES NOT NULL,
  previous_hash $BYTES NOT NULL,
  hash $BYTES NOT NULL,
  CONSTRAINT audit_entries_pk PRIMARY KEY (tenant_id, seq),
  CONSTRAINT audit_entries_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CREATE TABLE audit_heads (
  tenant_id $UUID NOT NULL,
  seq BIGINT NOT NULL,
  hash $BYTES NOT NULL,
  CONSTRAINT audit_heads_pk PRIMARY KEY (tenant_id),
  CONSTRAINT audit_heads_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
