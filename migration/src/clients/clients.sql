-- Systems of third parties that call the interface. `allow` is the list of networks they may come from, null for any.
CREATE TABLE api_clients (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  scopes $JSON NOT NULL,
  allow $JSON,
  rate_per_second INTEGER NOT NULL,
  burst INTEGER NOT NULL,
  at_once INTEGER NOT NULL,
  per_day BIGINT NOT NULL,
  state TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  updated_at $TIME NOT NULL,
  CONSTRAINT api_clients_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT api_clients_name_key UNIQUE (tenant_id, name),
  CONSTRAINT api_clients_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id),
  CONSTRAINT api_clients_state_check CHECK (state IN ('active', 'disabled')),
  CONSTRAINT api_clients_limits_check CHECK (rate_per_second > 0 AND burst > 0 AND at_once > 0 AND per_day > 0)
);
-- What a client proves itself with: the keyed hash of a secret that we made, or the public half of a key of its own. `ends_at` is
-- when it stops to count, past or to come; null for as long as nobody ends it.
CREATE TABLE client_credentials (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  client_id $UUID NOT NULL,
  kind TEXT NOT NULL,
  secret_hash $BYTES,
  kid TEXT,
  public_key $JSON,
  ends_at $TIME,
  last_used_at $TIME,
  created_at $TIME NOT NULL,
  CONSTRAINT client_credentials_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT client_credentials_client_fk FOREIGN KEY (tenant_id, client_id) REFERENCES api_clients (tenant_id, id),
  CONSTRAINT client_credentials_kind_check CHECK ((kind = 'secret' AND secret_hash IS NOT NULL AND public_key IS NULL)
    OR (kind = 'key' AND secret_hash IS NULL AND public_key IS NOT NULL AND kid IS NOT NULL))
);
CREATE INDEX client_credentials_client ON client_credentials (tenant_id, client_id, id);
-- Signed assertions that were taken, so that none comes twice, until each is over by itself. `id` is 16 bytes of the keyed hash of
-- the client and what it calls the assertion.
CREATE TABLE client_assertions (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  client_id $UUID NOT NULL,
  until $TIME NOT NULL,
  CONSTRAINT client_assertions_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT client_assertions_client_fk FOREIGN KEY (tenant_id, client_id) REFERENCES api_clients (tenant_id, id)
);
CREATE INDEX client_assertions_until ON client_assertions (tenant_id, until);
-- A client's use of one business day. `admitted` is what counts against its quota; how those ended stands beside it; `held_back`
-- came beyond a limit or from elsewhere and was not let in.
CREATE TABLE client_days (
  tenant_id $UUID NOT NULL,
  client_id $UUID NOT NULL,
  day DATE NOT NULL,
  admitted BIGINT NOT NULL,
  succeeded BIGINT NOT NULL,
  refused BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  held_back BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  CONSTRAINT client_days_pk PRIMARY KEY (tenant_id, client_id, day),
  CONSTRAINT client_days_client_fk FOREIGN KEY (tenant_id, client_id) REFERENCES api_clients (tenant_id, id)
);
CREATE INDEX client_days_day ON client_days (tenant_id, day);
-- What a client asked of late: the route as it is documented, never the address with its ids and queries.
CREATE TABLE client_requests (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  client_id $UUID NOT NULL,
  at $TIME NOT NULL,
  method TEXT NOT NULL,
  route TEXT NOT NULL,
  status INTEGER NOT NULL,
  code TEXT,
  request_id TEXT NOT NULL,
  took_ms INTEGER NOT NULL,
  CONSTRAINT client_requests_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT client_requests_client_fk FOREIGN KEY (tenant_id, client_id) REFERENCES api_clients (tenant_id, id)
);
CREATE INDEX client_requests_client ON client_requests (tenant_id, client_id, id);
CREATE INDEX client_requests_age ON client_requests (tenant_id, at);
