-- Applicants, staff, how they log in and what holds a session open.
CREATE TABLE departments (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  parent_id $UUID,
  name TEXT NOT NULL,
  is_default BOOLEAN NOT NULL,
  rules $JSON NOT NULL,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  CONSTRAINT departments_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT departments_name_key UNIQUE (tenant_id, name),
  CONSTRAINT departments_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id),
  CONSTRAINT departments_parent_fk FOREIGN KEY (tenant_id, parent_id) REFERENCES departments (tenant_id, id)
);
CREATE TABLE roles (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  name TEXT NOT NULL,
  permissions $JSON NOT NULL,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  CONSTRAINT roles_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT roles_name_key UNIQUE (tenant_id, name),
  CONSTRAINT roles_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
-- Until `reset_held_until` a forgotten password is not reset by mail: somebody else has changed the address.
CREATE TABLE staff (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  login_name TEXT NOT NULL,
  name_sealed $BYTES NOT NULL,
  email_sealed $BYTES NOT NULL,
  email_hash $BYTES NOT NULL,
  password_hash TEXT,
  status TEXT NOT NULL,
  department_id $UUID NOT NULL,
  roles $JSON NOT NULL,
  data_scope TEXT NOT NULL,
  authority_fen BIGINT NOT NULL,
  failed_logins INTEGER NOT NULL,
  locked_until $TIME,
  reset_held_until $TIME,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  CONSTRAINT staff_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT staff_login_name_key UNIQUE (tenant_id, login_name),
  CONSTRAINT staff_email_key UNIQUE (tenant_id, email_hash),
  CONSTRAINT staff_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id),
  CONSTRAINT staff_department_fk FOREIGN KEY (tenant_id, department_id) REFERENCES departments (tenant_id, id),
  CONSTRAINT staff_status_check CHECK (status IN ('invited', 'active', 'disabled')),
  CONSTRAINT staff_scope_check CHECK (data_scope IN ('own', 'department', 'department_tree', 'all'))
);
CREATE TABLE one_time_links (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  staff_id $UUID NOT NULL,
  purpose TEXT NOT NULL,
  secret_hash $BYTES NOT NULL,
  expires_at $TIME NOT NULL,
  used_at $TIME,
  CONSTRAINT one_time_links_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT one_time_links_secret_key UNIQUE (tenant_id, secret_hash),
  CONSTRAINT one_time_links_staff_fk FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id),
  CONSTRAINT one_time_links_purpose_check CHECK (purpose IN ('invite', 'reset'))
);
CREATE TABLE applicants (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  phone_sealed $BYTES NOT NULL,
  phone_hash $BYTES NOT NULL,
  status TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  CONSTRAINT applicants_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT applicants_phone_key UNIQUE (tenant_id, phone_hash),
  CONSTRAINT applicants_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id),
  CONSTRAINT applicants_status_check CHECK (status IN ('active', 'closed'))
);
-- Which version of a notice an account accepted, and when; rows are only ever added.
CREATE TABLE acceptances (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  applicant_id $UUID NOT NULL,
  notice TEXT NOT NULL,
  notice_version TEXT NOT NULL,
  accepted_at $TIME NOT NULL,
  CONSTRAINT acceptances_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT acceptances_once_key UNIQUE (tenant_id, applicant_id, notice, notice_version),
  CONSTRAINT acceptances_applicant_fk FOREIGN KEY (tenant_id, applicant_id) REFERENCES applicants (tenant_id, id)
);
CREATE TABLE sms_codes (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  phone_hash $BYTES NOT NULL,
  code_hash $BYTES NOT NULL,
  created_at $TIME NOT NULL,
  expires_at $TIME NOT NULL,
  tries INTEGER NOT NULL,
  ended_at $TIME,
  CONSTRAINT sms_codes_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT sms_codes_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CREATE INDEX sms_codes_phone ON sms_codes (tenant_id, phone_hash, created_at);
CREATE INDEX sms_codes_age ON sms_codes (tenant_id, created_at);
-- One row per log-in (a family of refresh tokens): a token that was already exchanged ends the family.
CREATE TABLE sessions (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id $UUID NOT NULL,
  current_hash $BYTES NOT NULL,
  previous_hash $BYTES,
  successor_sealed $BYTES,
  rotated_at $TIME NOT NULL,
  expires_at $TIME NOT NULL,
  ended_at $TIME,
  created_at $TIME NOT NULL,
  CONSTRAINT sessions_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT sessions_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id),
  CONSTRAINT sessions_kind_check CHECK (subject_kind IN ('applicant', 'staff'))
);
CREATE INDEX sessions_subject ON sessions (tenant_id, subject_id);
-- What is told to people: the applicant's inbox, and each SMS or mail with how it went.
CREATE TABLE message_templates (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  event TEXT NOT NULL,
  channel TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  enabled BOOLEAN NOT NULL,
  version BIGINT NOT NULL,
  CONSTRAINT message_templates_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT message_templates_event_key UNIQUE (tenant_id, event, channel),
  CONSTRAINT message_templates_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id),
  CONSTRAINT message_templates_channel_check CHECK (channel IN ('inbox', 'sms', 'mail'))
);
CREATE TABLE inbox_messages (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  applicant_id $UUID NOT NULL,
  application_id $UUID,
  dedupe_key TEXT NOT NULL,
  event TEXT NOT NULL,
  content_sealed $BYTES NOT NULL,
  created_at $TIME NOT NULL,
  read_at $TIME,
  CONSTRAINT inbox_messages_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT inbox_messages_once_key UNIQUE (tenant_id, dedupe_key),
  CONSTRAINT inbox_messages_applicant_fk FOREIGN KEY (tenant_id, applicant_id) REFERENCES applicants (tenant_id, id)
);
CREATE INDEX inbox_messages_owner ON inbox_messages (tenant_id, applicant_id, id);
CREATE TABLE deliveries (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  channel TEXT NOT NULL,
  event TEXT NOT NULL,
  dedupe_key TEXT NOT NULL,
  application_id $UUID,
  to_sealed $BYTES NOT NULL,
  content_sealed $BYTES NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  error TEXT,
  created_at $TIME NOT NULL,
  ended_at $TIME,
  CONSTRAINT deliveries_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT deliveries_once_key UNIQUE (tenant_id, dedupe_key),
  CONSTRAINT deliveries_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id),
  CONSTRAINT deliveries_channel_check CHECK (channel IN ('sms', 'mail')),
  CONSTRAINT deliveries_state_check CHECK (state IN ('queued', 'sent', 'failed'))
);
CREATE INDEX deliveries_state ON deliveries (tenant_id, state, id);
