-- Channels: parties inside the firm (a branch, a bank, a partner) whose own people log in as the firm's staff.
CREATE TABLE channels (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  active BOOLEAN NOT NULL,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  CONSTRAINT channels_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT channels_name_key UNIQUE (tenant_id, name),
  CONSTRAINT channels_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id),
  CONSTRAINT channels_kind_check CHECK (kind IN ('branch', 'bank', 'partner'))
);
-- Whose log-ins are a channel's. Everybody else is the firm's own.
CREATE TABLE channel_members (
  tenant_id $UUID NOT NULL,
  staff_id $UUID NOT NULL,
  channel_id $UUID NOT NULL,
  created_at $TIME NOT NULL,
  CONSTRAINT channel_members_pk PRIMARY KEY (tenant_id, staff_id),
  CONSTRAINT channel_members_staff_fk FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id),
  CONSTRAINT channel_members_channel_fk FOREIGN KEY (tenant_id, channel_id) REFERENCES channels (tenant_id, id)
);
-- Customers. A person's name, number, phone and address are personal data: sealed, and found by keyed hashes. What an
-- enterprise or a bank is called is public. The officer looks after the record: who sees only their own sees theirs.
CREATE TABLE customers (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  kind TEXT NOT NULL,
  name TEXT,
  name_sealed $BYTES,
  name_hash $BYTES,
  identity_hash $BYTES NOT NULL,
  identity_sealed $BYTES,
  credit_code TEXT,
  phone_sealed $BYTES,
  phone_hash $BYTES,
  address_sealed $BYTES,
  address_hash $BYTES,
  class TEXT NOT NULL,
  industry TEXT,
  region TEXT,
  controlling_party BOOLEAN NOT NULL,
  enterprise_id $UUID,
  channel_id $UUID,
  department_id $UUID,
  officer_id $UUID,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  updated_at $TIME NOT NULL,
  CONSTRAINT customers_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT customers_identity_key UNIQUE (tenant_id, identity_hash),
  CONSTRAINT customers_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id),
  CONSTRAINT customers_enterprise_fk FOREIGN KEY (tenant_id, enterprise_id) REFERENCES enterprises (tenant_id, id),
  CONSTRAINT customers_channel_fk FOREIGN KEY (tenant_id, channel_id) REFERENCES channels (tenant_id, id),
  CONSTRAINT customers_department_fk FOREIGN KEY (tenant_id, department_id) REFERENCES departments (tenant_id, id),
  CONSTRAINT customers_officer_fk FOREIGN KEY (tenant_id, officer_id) REFERENCES staff (tenant_id, id),
  CONSTRAINT customers_kind_check CHECK (kind IN ('person', 'enterprise', 'bank')),
  CONSTRAINT customers_class_check CHECK (class IN ('micro', 'small', 'farmer', 'other')),
  CONSTRAINT customers_name_check CHECK ((name IS NULL) <> (name_sealed IS NULL))
);
CREATE INDEX customers_name ON customers (tenant_id, name_hash);
CREATE INDEX customers_department ON customers (tenant_id, department_id, id);
CREATE INDEX customers_officer ON customers (tenant_id, officer_id, id);
CREATE INDEX customers_phone ON customers (tenant_id, phone_hash);
CREATE INDEX customers_address ON customers (tenant_id, address_hash);
CREATE INDEX customers_channel ON customers (tenant_id, channel_id, id);
-- What class a customer had from a day on; of one day the last row counts. Balances of past days ask for it. What people
-- write of customers here and below (sources, documents, purposes, reasons) may name them, and so is sealed.
CREATE TABLE customer_classes (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  customer_id $UUID NOT NULL,
  class TEXT NOT NULL,
  source_sealed $BYTES NOT NULL,
  valid_from $DATE NOT NULL,
  set_by $UUID NOT NULL,
  created_at $TIME NOT NULL,
  CONSTRAINT customer_classes_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT customer_classes_customer_fk FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id),
  CONSTRAINT customer_classes_class_check CHECK (class IN ('micro', 'small', 'farmer', 'other'))
);
CREATE INDEX customer_classes_of ON customer_classes (tenant_id, customer_id, valid_from);
-- How two customers are related, from when to when and where that is known from. Of a shareholder or controller `a` is who
-- holds or controls.
CREATE TABLE customer_relations (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  a_id $UUID NOT NULL,
  b_id $UUID NOT NULL,
  kind TEXT NOT NULL,
  source TEXT NOT NULL,
  share_bp INTEGER,
  document_sealed $BYTES,
  valid_from $DATE NOT NULL,
  valid_to $DATE,
  recorded_by $UUID NOT NULL,
  ended_by $UUID,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  CONSTRAINT customer_relations_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT customer_relations_a_fk FOREIGN KEY (tenant_id, a_id) REFERENCES customers (tenant_id, id),
  CONSTRAINT customer_relations_b_fk FOREIGN KEY (tenant_id, b_id) REFERENCES customers (tenant_id, id),
  CONSTRAINT customer_relations_itself_check CHECK (a_id <> b_id),
  CONSTRAINT customer_relations_kind_check CHECK (kind IN ('shareholder', 'controller', 'spouse', 'guarantor', 'same_address', 'same_phone')),
  CONSTRAINT customer_relations_share_check CHECK (share_bp IS NULL OR share_bp BETWEEN 1 AND 10000)
);
CREATE INDEX customer_relations_a ON customer_relations (tenant_id, a_id);
CREATE INDEX customer_relations_b ON customer_relations (tenant_id, b_id);
-- A customer's record shared with a channel that it is not of, until it is withdrawn or ends.
CREATE TABLE customer_shares (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  customer_id $UUID NOT NULL,
  channel_id $UUID NOT NULL,
  purpose_sealed $BYTES NOT NULL,
  document_sealed $BYTES,
  valid_from $DATE NOT NULL,
  valid_to $DATE,
  granted_by $UUID NOT NULL,
  revoked_by $UUID,
  revoked_at $TIME,
  revoked_reason_sealed $BYTES,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  CONSTRAINT customer_shares_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT customer_shares_customer_fk FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id),
  CONSTRAINT customer_shares_channel_fk FOREIGN KEY (tenant_id, channel_id) REFERENCES channels (tenant_id, id)
);
CREATE INDEX customer_shares_of ON customer_shares (tenant_id, customer_id, channel_id);
CREATE INDEX customer_shares_channel ON customer_shares (tenant_id, channel_id, id);
-- Who of a channel looked at a record, and under which share (none for the channel's own customers). Only added to.
CREATE TABLE customer_accesses (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  customer_id $UUID NOT NULL,
  channel_id $UUID NOT NULL,
  share_id $UUID,
  staff_id $UUID NOT NULL,
  request_id TEXT NOT NULL,
  at $TIME NOT NULL,
  CONSTRAINT customer_accesses_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT customer_accesses_customer_fk FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id)
);
CREATE INDEX customer_accesses_of ON customer_accesses (tenant_id, customer_id, id);
