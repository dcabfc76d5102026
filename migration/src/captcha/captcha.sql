-- Answers to challenges that counted: none counts twice. A row goes once its challenge could not be answered any more.
CREATE TABLE captcha_proofs (
  tenant_id $UUID NOT NULL,
  mark $BYTES NOT NULL,
  expires_at $TIME NOT NULL,
  CONSTRAINT captcha_proofs_pk PRIMARY KEY (tenant_id, mark),
  CONSTRAINT captcha_proofs_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CREATE INDEX captcha_proofs_end ON captcha_proofs (tenant_id, expires_at);
