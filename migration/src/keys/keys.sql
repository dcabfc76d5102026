-- Data keys of a tenant after the first, which lies in `tenants`; wrapped by a master key. `seals_from` is so far ahead of
-- `created_at` that every process has read the key before one closes anything by it.
CREATE TABLE tenant_keys (
  tenant_id $UUID NOT NULL,
  version INTEGER NOT NULL,
  wrapped $BYTES NOT NULL,
  seals_from $TIME NOT NULL,
  created_at $TIME NOT NULL,
  CONSTRAINT tenant_keys_pk PRIMARY KEY (tenant_id, version),
  CONSTRAINT tenant_keys_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id),
  CONSTRAINT tenant_keys_version_check CHECK (version BETWEEN 2 AND 65535)
);
-- Keys that access tokens are signed with, the platform's own. The one that signs is the last whose `signs_from` has come; those
-- before it verify until the last token that they signed has ended, or at once no longer where they were withdrawn.
CREATE TABLE signing_keys (
  id $UUID NOT NULL,
  kid TEXT NOT NULL,
  public_key $BYTES NOT NULL,
  wrapped $BYTES NOT NULL,
  signs_from $TIME NOT NULL,
  created_at $TIME NOT NULL,
  withdrawn_at $TIME,
  CONSTRAINT signing_keys_pk PRIMARY KEY (id),
  CONSTRAINT signing_keys_kid_key UNIQUE (kid)
);
