-- Where a firm's audit chain ended each day, signed by the key of access tokens of that day (a JWS, RFC 7515): kept elsewhere it
-- shows later that no tail was cut off. Rows are only ever added.
CREATE TABLE signed_heads (
  tenant_id $UUID NOT NULL,
  seq BIGINT NOT NULL,
  at $TIME NOT NULL,
  hash $BYTES NOT NULL,
  statement TEXT NOT NULL,
  CONSTRAINT signed_heads_pk PRIMARY KEY (tenant_id, seq),
  CONSTRAINT signed_heads_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
