-- What somebody asks of their own data: a copy of it, or its erasure. Who asks without an account asks on paper, and staff record
-- it; then another carries it out. `reason` and `note` may name people, and so are sealed; `outcome` says by kind of data what
-- was erased and what is kept, on which ground and until when.
CREATE TABLE privacy_requests (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  kind TEXT NOT NULL,
  origin TEXT NOT NULL,
  applicant_id $UUID,
  customer_id $UUID,
  reason_sealed $BYTES,
  note_sealed $BYTES,
  state TEXT NOT NULL,
  recorded_by $UUID NOT NULL,
  decided_by $UUID,
  decided_at $TIME,
  outcome $JSON,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  CONSTRAINT privacy_requests_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT privacy_requests_applicant_fk FOREIGN KEY (tenant_id, applicant_id) REFERENCES applicants (tenant_id, id),
  CONSTRAINT privacy_requests_customer_fk FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id),
  CONSTRAINT privacy_requests_of_check CHECK (applicant_id IS NOT NULL OR customer_id IS NOT NULL),
  CONSTRAINT privacy_requests_kind_check CHECK (kind IN ('export', 'erasure')),
  CONSTRAINT privacy_requests_origin_check CHECK (origin IN ('person', 'staff')),
  CONSTRAINT privacy_requests_state_check CHECK (state IN ('recorded', 'done', 'rejected')),
  CONSTRAINT privacy_requests_maker_check CHECK (origin = 'person' OR state <> 'done' OR decided_by <> recorded_by)
);
CREATE INDEX privacy_requests_of ON privacy_requests (tenant_id, applicant_id);
-- Copies of somebody's data. The file lies in the storage like a document, under the export's id, until it expires.
CREATE TABLE data_exports (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  applicant_id $UUID,
  customer_id $UUID,
  request_id $UUID,
  state TEXT NOT NULL,
  bytes BIGINT,
  sha256 $BYTES,
  files INTEGER,
  left_out INTEGER,
  created_at $TIME NOT NULL,
  ready_at $TIME,
  expires_at $TIME,
  CONSTRAINT data_exports_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT data_exports_applicant_fk FOREIGN KEY (tenant_id, applicant_id) REFERENCES applicants (tenant_id, id),
  CONSTRAINT data_exports_customer_fk FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id),
  CONSTRAINT data_exports_request_fk FOREIGN KEY (tenant_id, request_id) REFERENCES privacy_requests (tenant_id, id),
  CONSTRAINT data_exports_state_check CHECK (state IN ('queued', 'ready', 'expired'))
);
CREATE INDEX data_exports_of ON data_exports (tenant_id, applicant_id, id);
CREATE INDEX data_exports_due ON data_exports (tenant_id, state, expires_at);
-- What was erased, once each; only added to. It opens the way to rows that otherwise never change, and to no others.
CREATE TABLE erasures (
  tenant_id $UUID NOT NULL,
  kind TEXT NOT NULL,
  subject $UUID NOT NULL,
  at $TIME NOT NULL,
  CONSTRAINT erasures_pk PRIMARY KEY (tenant_id, kind, subject),
  CONSTRAINT erasures_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
-- Of links of the audit chain whose detail was erased: that the link held before, under the key that the chain is made with.
CREATE TABLE audit_erasures (
  tenant_id $UUID NOT NULL,
  seq BIGINT NOT NULL,
  proof $BYTES NOT NULL,
  at $TIME NOT NULL,
  CONSTRAINT audit_erasures_pk PRIMARY KEY (tenant_id, seq),
  CONSTRAINT audit_erasures_entry_fk FOREIGN KEY (tenant_id, seq) REFERENCES audit_entries (tenant_id, seq)
);
-- For how long a firm keeps a kind of data, where it has said so itself.
CREATE TABLE retention_rules (
  tenant_id $UUID NOT NULL,
  class TEXT NOT NULL,
  days INTEGER NOT NULL,
  version BIGINT NOT NULL,
  updated_at $TIME NOT NULL,
  CONSTRAINT retention_rules_pk PRIMARY KEY (tenant_id, class),
  CONSTRAINT retention_rules_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id),
  CONSTRAINT retention_rules_days_check CHECK (days > 0)
);
