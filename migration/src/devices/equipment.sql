-- Machines. Papers are the five dimensions of their score, as JSON of the domain's shape; where a machine stands is
-- sealed, since a farmer's yard is somebody's home. The officer looks after it: who sees only their own sees theirs.
CREATE TABLE equipment (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  number TEXT NOT NULL,
  name TEXT NOT NULL,
  category TEXT NOT NULL,
  customer_id $UUID,
  applicant_id $UUID,
  papers $JSON NOT NULL,
  region TEXT,
  place_sealed $BYTES,
  department_id $UUID,
  officer_id $UUID,
  monitoring TEXT NOT NULL,
  monitoring_since $TIME,
  thresholds_id $UUID,
  shifts $JSON,
  score_id $UUID,
  encumbrance TEXT,
  state TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  updated_at $TIME NOT NULL,
  CONSTRAINT equipment_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT equipment_number_key UNIQUE (tenant_id, number),
  CONSTRAINT equipment_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id),
  CONSTRAINT equipment_customer_fk FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id),
  CONSTRAINT equipment_applicant_fk FOREIGN KEY (tenant_id, applicant_id) REFERENCES applicants (tenant_id, id),
  CONSTRAINT equipment_department_fk FOREIGN KEY (tenant_id, department_id) REFERENCES departments (tenant_id, id),
  CONSTRAINT equipment_officer_fk FOREIGN KEY (tenant_id, officer_id) REFERENCES staff (tenant_id, id),
  CONSTRAINT equipment_monitoring_check CHECK (monitoring IN ('none', 'on', 'stopped')),
  CONSTRAINT equipment_state_check CHECK (state IN ('in_use', 'retired'))
);
CREATE INDEX equipment_of_applicant ON equipment (tenant_id, applicant_id);
CREATE INDEX equipment_of_department ON equipment (tenant_id, department_id);
CREATE INDEX equipment_of_officer ON equipment (tenant_id, officer_id);
CREATE INDEX equipment_of_customer ON equipment (tenant_id, customer_id);
-- By which figures power is read as a state. Rows stay as they are when others take their place: what was computed by them
-- names them. One without a machine is the firm's for a category.
CREATE TABLE equipment_thresholds (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  equipment_id $UUID,
  category TEXT,
  body $JSON NOT NULL,
  origin TEXT NOT NULL,
  explanation $JSON,
  state TEXT NOT NULL,
  proposed_by $UUID NOT NULL,
  decided_by $UUID,
  decided_at $TIME,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  CONSTRAINT equipment_thresholds_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT equipment_thresholds_equipment_fk FOREIGN KEY (tenant_id, equipment_id) REFERENCES equipment (tenant_id, id),
  CONSTRAINT equipment_thresholds_of_check CHECK ((equipment_id IS NULL) <> (category IS NULL)),
  CONSTRAINT equipment_thresholds_origin_check CHECK (origin IN ('standard', 'learned', 'set')),
  CONSTRAINT equipment_thresholds_state_check CHECK (state IN ('suggested', 'in_force', 'superseded', 'rejected'))
);
CREATE INDEX equipment_thresholds_of ON equipment_thresholds (tenant_id, equipment_id);
CREATE INDEX equipment_thresholds_of_category ON equipment_thresholds (tenant_id, category);
-- Scores as they were given, with everything that they were computed from.
CREATE TABLE equipment_scores (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  equipment_id $UUID NOT NULL,
  scorecard_id $UUID,
  inputs $JSON NOT NULL,
  result $JSON NOT NULL,
  total_hundredths INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  cause TEXT NOT NULL,
  scored_by $UUID NOT NULL,
  at $TIME NOT NULL,
  CONSTRAINT equipment_scores_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT equipment_scores_equipment_fk FOREIGN KEY (tenant_id, equipment_id) REFERENCES equipment (tenant_id, id),
  CONSTRAINT equipment_scores_verdict_check CHECK (verdict IN ('controllable', 'not_controllable', 'insufficient'))
);
CREATE INDEX equipment_scores_of ON equipment_scores (tenant_id, equipment_id, at);
-- The life of a machine, one row a happening; what people wrote is sealed.
CREATE TABLE equipment_events (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  equipment_id $UUID NOT NULL,
  kind TEXT NOT NULL,
  subject $UUID,
  note_sealed $BYTES,
  actor_kind TEXT NOT NULL,
  actor_id $UUID NOT NULL,
  at $TIME NOT NULL,
  CONSTRAINT equipment_events_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT equipment_events_equipment_fk FOREIGN KEY (tenant_id, equipment_id) REFERENCES equipment (tenant_id, id)
);
CREATE INDEX equipment_events_of ON equipment_events (tenant_id, equipment_id, id);
-- Circulation 设备流转: what is offered, and who asked.
CREATE TABLE listings (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  number TEXT NOT NULL,
  equipment_id $UUID NOT NULL,
  applicant_id $UUID,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  price_fen BIGINT,
  sold_fen BIGINT,
  state TEXT NOT NULL,
  enquiry_id $UUID,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  updated_at $TIME NOT NULL,
  published_at $TIME,
  ended_at $TIME,
  CONSTRAINT listings_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT listings_number_key UNIQUE (tenant_id, number),
  CONSTRAINT listings_equipment_fk FOREIGN KEY (tenant_id, equipment_id) REFERENCES equipment (tenant_id, id),
  CONSTRAINT listings_price_check CHECK (price_fen > 0),
  CONSTRAINT listings_state_check CHECK (state IN ('draft', 'published', 'reserved', 'sold', 'withdrawn'))
);
CREATE INDEX listings_of ON listings (tenant_id, equipment_id);
CREATE INDEX listings_by_state ON listings (tenant_id, state, id);
CREATE TABLE listing_enquiries (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  listing_id $UUID NOT NULL,
  applicant_id $UUID NOT NULL,
  question_sealed $BYTES NOT NULL,
  answer_sealed $BYTES,
  state TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  answered_at $TIME,
  CONSTRAINT listing_enquiries_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT listing_enquiries_listing_fk FOREIGN KEY (tenant_id, listing_id) REFERENCES listings (tenant_id, id),
  CONSTRAINT listing_enquiries_applicant_fk FOREIGN KEY (tenant_id, applicant_id) REFERENCES applicants (tenant_id, id),
  CONSTRAINT listing_enquiries_state_check CHECK (state IN ('open', 'answered', 'closed'))
);
CREATE INDEX listing_enquiries_by ON listing_enquiries (tenant_id, applicant_id, id);
CREATE INDEX listing_enquiries_of ON listing_enquiries (tenant_id, listing_id, id);
