-- The second factor of somebody of the staff (RFC 6238): one each, without effect until it was confirmed. A code counts once:
-- `last_step` is the half minute of the last one that was taken.
CREATE TABLE second_factors (
  tenant_id $UUID NOT NULL,
  staff_id $UUID NOT NULL,
  secret_sealed $BYTES NOT NULL,
  last_step BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  confirmed_at $TIME,
  CONSTRAINT second_factors_pk PRIMARY KEY (tenant_id, staff_id),
  CONSTRAINT second_factors_staff_fk FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
-- Codes for when the telephone is lost; each works once.
CREATE TABLE recovery_codes (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  staff_id $UUID NOT NULL,
  code_hash $BYTES NOT NULL,
  used_at $TIME,
  CONSTRAINT recovery_codes_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT recovery_codes_hash_key UNIQUE (tenant_id, staff_id, code_hash),
  CONSTRAINT recovery_codes_staff_fk FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
-- Hashes of passwords that somebody had before, the last few: none of them comes again.
CREATE TABLE former_passwords (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  staff_id $UUID NOT NULL,
  password_hash TEXT NOT NULL,
  CONSTRAINT former_passwords_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT former_passwords_staff_fk FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX former_passwords_staff ON former_passwords (tenant_id, staff_id, id);
-- What the firm's security officer asks of log-ins; where there is no row, what the product asks anyway.
CREATE TABLE security_rules (
  tenant_id $UUID NOT NULL,
  second_factor TEXT NOT NULL,
  idle_minutes INTEGER NOT NULL,
  version BIGINT NOT NULL,
  updated_at $TIME NOT NULL,
  CONSTRAINT security_rules_pk PRIMARY KEY (tenant_id),
  CONSTRAINT security_rules_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id),
  CONSTRAINT security_rules_factor_check CHECK (second_factor IN ('off', 'privileged', 'all')),
  CONSTRAINT security_rules_idle_check CHECK (idle_minutes BETWEEN 15 AND 720)
);
