-- Where readings come from: an address with a secret of its own. Two secrets hold while one takes the other's place.
CREATE TABLE telemetry_sources (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  name TEXT NOT NULL,
  format TEXT NOT NULL,
  verification TEXT NOT NULL,
  zone TEXT NOT NULL,
  secret_sealed $BYTES NOT NULL,
  previous_sealed $BYTES,
  previous_until $TIME,
  active BOOLEAN NOT NULL,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  updated_at $TIME NOT NULL,
  CONSTRAINT telemetry_sources_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT telemetry_sources_name_key UNIQUE (tenant_id, name),
  CONSTRAINT telemetry_sources_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id),
  CONSTRAINT telemetry_sources_verification_check CHECK (verification IN ('hmac', 'token', 'onenet'))
);
-- Sockets as their source names them, one row a channel.
CREATE TABLE sockets (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  source_id $UUID NOT NULL,
  device TEXT NOT NULL,
  channel INTEGER NOT NULL,
  label TEXT,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  CONSTRAINT sockets_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT sockets_device_key UNIQUE (tenant_id, source_id, device, channel),
  CONSTRAINT sockets_source_fk FOREIGN KEY (tenant_id, source_id) REFERENCES telemetry_sources (tenant_id, id)
);
-- Which machine a socket measured, and when: half-open, without overlap of a socket with itself or of a machine with itself.
CREATE TABLE socket_bindings (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  socket_id $UUID NOT NULL,
  equipment_id $UUID NOT NULL,
  from_at $TIME NOT NULL,
  to_at $TIME,
  version BIGINT NOT NULL,
  created_by $UUID NOT NULL,
  created_at $TIME NOT NULL,
  CONSTRAINT socket_bindings_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT socket_bindings_socket_fk FOREIGN KEY (tenant_id, socket_id) REFERENCES sockets (tenant_id, id),
  CONSTRAINT socket_bindings_equipment_fk FOREIGN KEY (tenant_id, equipment_id) REFERENCES equipment (tenant_id, id),
  CONSTRAINT socket_bindings_order_check CHECK (to_at IS NULL OR to_at > from_at)
);
CREATE INDEX socket_bindings_of_socket ON socket_bindings (tenant_id, socket_id, from_at);
CREATE INDEX socket_bindings_of_equipment ON socket_bindings (tenant_id, equipment_id, from_at);
-- What sockets said, each reading once. Instants are microseconds since 1970 UTC, quantities whole thousandths (mW, mV, mA,
-- mWh); what a message did not say is null, and null is not zero. Platforms send what one instant says in several messages:
-- a hash of what is said belongs to the key, so that all of it is kept, and the same of it, in whatever order it comes.
CREATE TABLE readings (
  tenant_id $UUID NOT NULL,
  socket_id $UUID NOT NULL,
  at_us BIGINT NOT NULL,
  sequence INTEGER NOT NULL,
  content INTEGER NOT NULL,
  power_mw BIGINT,
  voltage_mv BIGINT,
  current_ma BIGINT,
  energy_total_mwh BIGINT,
  energy_added_mwh BIGINT,
  relay_on BOOLEAN,
  online BOOLEAN,
  received_us BIGINT NOT NULL,
  CONSTRAINT readings_pk PRIMARY KEY (tenant_id, socket_id, at_us, sequence, content)
) $PARTITIONED;
-- Days of sockets whose readings changed since they were last counted.
CREATE TABLE dirty_days (
  tenant_id $UUID NOT NULL,
  socket_id $UUID NOT NULL,
  day $DATE NOT NULL,
  CONSTRAINT dirty_days_pk PRIMARY KEY (tenant_id, socket_id, day)
);
-- A machine's day under the thresholds by which it was read. Spans and hours are the domain's JSON.
CREATE TABLE equipment_days (
  tenant_id $UUID NOT NULL,
  equipment_id $UUID NOT NULL,
  day $DATE NOT NULL,
  thresholds_id $UUID NOT NULL,
  seconds_offline INTEGER NOT NULL,
  seconds_off INTEGER NOT NULL,
  seconds_standby INTEGER NOT NULL,
  seconds_working INTEGER NOT NULL,
  seconds_overload INTEGER NOT NULL,
  seconds_unknown INTEGER NOT NULL,
  seconds_ahead INTEGER NOT NULL,
  error_ppm INTEGER NOT NULL,
  energy_mwh BIGINT,
  energy_basis TEXT NOT NULL,
  spans $JSON NOT NULL,
  hours $JSON NOT NULL,
  readings INTEGER NOT NULL,
  computed_at $TIME NOT NULL,
  CONSTRAINT equipment_days_pk PRIMARY KEY (tenant_id, equipment_id, day, thresholds_id),
  CONSTRAINT equipment_days_equipment_fk FOREIGN KEY (tenant_id, equipment_id) REFERENCES equipment (tenant_id, id)
);
-- What came and could not be counted, until somebody looks at it: the reading where it could be read, else the beginning of
-- what was sent, sealed, since it may hold anything.
CREATE TABLE quarantined_readings (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  source_id $UUID NOT NULL,
  fingerprint $BYTES NOT NULL,
  device TEXT,
  channel INTEGER,
  at_us BIGINT,
  reason TEXT NOT NULL,
  pointer TEXT,
  code TEXT,
  reading $JSON,
  raw_sealed $BYTES,
  state TEXT NOT NULL,
  received_at $TIME NOT NULL,
  decided_by $UUID,
  decided_at $TIME,
  CONSTRAINT quarantined_readings_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT quarantined_readings_once_key UNIQUE (tenant_id, source_id, fingerprint),
  CONSTRAINT quarantined_readings_source_fk FOREIGN KEY (tenant_id, source_id) REFERENCES telemetry_sources (tenant_id, id),
  CONSTRAINT quarantined_readings_state_check CHECK (state IN ('open', 'replayed', 'dismissed'))
);
CREATE INDEX quarantined_readings_open ON quarantined_readings (tenant_id, state, id);
CREATE INDEX quarantined_readings_of ON quarantined_readings (tenant_id, source_id, state, device, channel);
-- What is watched for, as data: of one machine, of a category, or of all.
CREATE TABLE alarm_rules (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  equipment_id $UUID,
  category TEXT,
  kind TEXT NOT NULL,
  body $JSON NOT NULL,
  url TEXT,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  updated_at $TIME NOT NULL,
  CONSTRAINT alarm_rules_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT alarm_rules_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id),
  CONSTRAINT alarm_rules_equipment_fk FOREIGN KEY (tenant_id, equipment_id) REFERENCES equipment (tenant_id, id)
);
CREATE UNIQUE INDEX alarm_rules_of_machine ON alarm_rules (tenant_id, kind, equipment_id) WHERE equipment_id IS NOT NULL;
CREATE UNIQUE INDEX alarm_rules_of_category ON alarm_rules (tenant_id, kind, category) WHERE category IS NOT NULL;
CREATE UNIQUE INDEX alarm_rules_of_firm ON alarm_rules (tenant_id, kind) WHERE equipment_id IS NULL AND category IS NULL;
CREATE TABLE alarms (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  rule_id $UUID NOT NULL,
  equipment_id $UUID NOT NULL,
  kind TEXT NOT NULL,
  began_at $TIME NOT NULL,
  raised_at $TIME NOT NULL,
  cleared_at $TIME,
  cleared_by $UUID,
  acknowledged_at $TIME,
  acknowledged_by $UUID,
  muted_until $TIME,
  told_at $TIME,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  CONSTRAINT alarms_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT alarms_once_key UNIQUE (tenant_id, rule_id, equipment_id, began_at),
  CONSTRAINT alarms_rule_fk FOREIGN KEY (tenant_id, rule_id) REFERENCES alarm_rules (tenant_id, id),
  CONSTRAINT alarms_equipment_fk FOREIGN KEY (tenant_id, equipment_id) REFERENCES equipment (tenant_id, id)
);
-- How far a rule had come with a machine at the end of a day that is over: where the next day begins.
CREATE TABLE alarm_watches (
  tenant_id $UUID NOT NULL,
  rule_id $UUID NOT NULL,
  equipment_id $UUID NOT NULL,
  day $DATE NOT NULL,
  body $JSON NOT NULL,
  CONSTRAINT alarm_watches_pk PRIMARY KEY (tenant_id, rule_id, equipment_id, day),
  CONSTRAINT alarm_watches_rule_fk FOREIGN KEY (tenant_id, rule_id) REFERENCES alarm_rules (tenant_id, id),
  CONSTRAINT alarm_watches_equipment_fk FOREIGN KEY (tenant_id, equipment_id) REFERENCES equipment (tenant_id, id)
);
CREATE INDEX alarms_of ON alarms (tenant_id, equipment_id, raised_at);
CREATE INDEX alarms_open ON alarms (tenant_id, cleared_at, id);
