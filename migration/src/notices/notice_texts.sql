-- Texts of the privacy notice and the user terms that were in force once, each under the version people accepted.
CREATE TABLE notice_texts (
  tenant_id $UUID NOT NULL,
  notice TEXT NOT NULL,
  notice_version TEXT NOT NULL,
  body TEXT NOT NULL,
  ended_at $TIME NOT NULL,
  CONSTRAINT notice_texts_pk PRIMARY KEY (tenant_id, notice, notice_version),
  CONSTRAINT notice_texts_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id),
  CONSTRAINT notice_texts_notice_check CHECK (notice IN ('privacy', 'terms'))
);
