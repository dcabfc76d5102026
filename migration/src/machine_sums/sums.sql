-- What a machine's days of a month come to, kept beside them so that a page of machines is not summed from thousands of
-- wide rows. It is written with the day, and follows from the days alone.
CREATE TABLE equipment_months (
  tenant_id $UUID NOT NULL,
  month $DATE NOT NULL,
  equipment_id $UUID NOT NULL,
  thresholds_id $UUID NOT NULL,
  days INTEGER NOT NULL,
  seconds_offline BIGINT NOT NULL,
  seconds_off BIGINT NOT NULL,
  seconds_standby BIGINT NOT NULL,
  seconds_working BIGINT NOT NULL,
  seconds_overload BIGINT NOT NULL,
  seconds_unknown BIGINT NOT NULL,
  seconds_ahead BIGINT NOT NULL,
  error_weighed BIGINT NOT NULL,
  energy_mwh BIGINT,
  CONSTRAINT equipment_months_pk PRIMARY KEY (tenant_id, month, equipment_id, thresholds_id),
  CONSTRAINT equipment_months_equipment_fk FOREIGN KEY (tenant_id, equipment_id) REFERENCES equipment (tenant_id, id)
);
-- Days that were counted before they were over, which is all of a machine's last days.
CREATE INDEX equipment_days_ahead ON equipment_days (tenant_id, day) WHERE seconds_ahead > 0;
-- Up to which day a socket's readings were thinned out.
ALTER TABLE sockets ADD COLUMN thinned_to $DATE;
