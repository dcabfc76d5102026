-- Products, the enterprise library, applications and everything that hangs on one.
CREATE TABLE products (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  terms $JSON NOT NULL,
  active BOOLEAN NOT NULL,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  CONSTRAINT products_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT products_code_key UNIQUE (tenant_id, code),
  CONSTRAINT products_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
-- Scorecards are never changed: a new version is a new row, and evaluations name the row they used.
CREATE TABLE scorecards (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  kind TEXT NOT NULL,
  version BIGINT NOT NULL,
  effective_from $DATE NOT NULL,
  body $JSON NOT NULL,
  created_at $TIME NOT NULL,
  CONSTRAINT scorecards_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT scorecards_version_key UNIQUE (tenant_id, kind, version),
  CONSTRAINT scorecards_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id),
  CONSTRAINT scorecards_kind_check CHECK (kind IN ('admission', 'personal'))
);
CREATE TABLE enterprises (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  credit_code TEXT NOT NULL,
  name TEXT NOT NULL,
  region TEXT,
  industry TEXT,
  address TEXT,
  legal_representative_sealed $BYTES,
  registered_capital_fen BIGINT,
  established_on $DATE,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  CONSTRAINT enterprises_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT enterprises_credit_code_key UNIQUE (tenant_id, credit_code),
  CONSTRAINT enterprises_name_key UNIQUE (tenant_id, name),
  CONSTRAINT enterprises_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
-- `form_sealed` holds the whole form (names, ID numbers, phones) as ciphertext; the columns beside it are what lists
-- and assignment filter by, and `facts` is what the state machine knows; neither holds personal data.
CREATE TABLE applications (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  number TEXT,
  applicant_id $UUID NOT NULL,
  product_id $UUID NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_hash $BYTES,
  enterprise_id $UUID,
  enterprise_name TEXT,
  credit_code TEXT,
  region TEXT,
  industry TEXT,
  requested_amount_fen BIGINT,
  requested_term_months INTEGER,
  approved_amount_fen BIGINT,
  approved_term_months INTEGER,
  approved_conditions TEXT,
  form_sealed $BYTES NOT NULL,
  state TEXT NOT NULL,
  state_since $TIME NOT NULL,
  facts $JSON NOT NULL,
  department_id $UUID,
  investigator_id $UUID,
  reviewer_id $UUID,
  approver_id $UUID,
  score BIGINT,
  score_outcome TEXT,
  round INTEGER NOT NULL,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  updated_at $TIME NOT NULL,
  submitted_at $TIME,
  CONSTRAINT applications_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT applications_number_key UNIQUE (tenant_id, number),
  CONSTRAINT applications_applicant_fk FOREIGN KEY (tenant_id, applicant_id) REFERENCES applicants (tenant_id, id),
  CONSTRAINT applications_product_fk FOREIGN KEY (tenant_id, product_id) REFERENCES products (tenant_id, id),
  CONSTRAINT applications_enterprise_fk FOREIGN KEY (tenant_id, enterprise_id) REFERENCES enterprises (tenant_id, id),
  CONSTRAINT applications_department_fk FOREIGN KEY (tenant_id, department_id) REFERENCES departments (tenant_id, id),
  CONSTRAINT applications_investigator_fk FOREIGN KEY (tenant_id, investigator_id) REFERENCES staff (tenant_id, id),
  CONSTRAINT applications_reviewer_fk FOREIGN KEY (tenant_id, reviewer_id) REFERENCES staff (tenant_id, id),
  CONSTRAINT applications_approver_fk FOREIGN KEY (tenant_id, approver_id) REFERENCES staff (tenant_id, id),
  CONSTRAINT applications_subject_check CHECK (subject_kind IN ('person', 'enterprise')),
  CONSTRAINT applications_amount_check CHECK (approved_amount_fen IS NULL OR approved_amount_fen > 0)
);
CREATE INDEX applications_owner ON applications (tenant_id, applicant_id, id);
CREATE INDEX applications_queue ON applications (tenant_id, state, id);
CREATE INDEX applications_officer ON applications (tenant_id, investigator_id, state);
-- The timeline. A state change and its row commit together, or neither does.
CREATE TABLE application_events (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  application_id $UUID NOT NULL,
  kind TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id $UUID,
  for_applicant BOOLEAN NOT NULL,
  detail_sealed $BYTES NOT NULL,
  at $TIME NOT NULL,
  CONSTRAINT application_events_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT application_events_application_fk FOREIGN KEY (tenant_id, application_id) REFERENCES applications (tenant_id, id)
);
CREATE INDEX application_events_of ON application_events (tenant_id, application_id, id);
-- The form and the document versions as they stood at each submission, so that an officer can see what changed.
CREATE TABLE application_submissions (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  application_id $UUID NOT NULL,
  round INTEGER NOT NULL,
  form_sealed $BYTES NOT NULL,
  documents $JSON NOT NULL,
  submitted_at $TIME NOT NULL,
  CONSTRAINT application_submissions_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT application_submissions_round_key UNIQUE (tenant_id, application_id, round),
  CONSTRAINT application_submissions_application_fk FOREIGN KEY (tenant_id, application_id) REFERENCES applications (tenant_id, id)
);
-- What an officer asked for when returning an application: one row an item, with its own reason.
CREATE TABLE return_items (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  application_id $UUID NOT NULL,
  round INTEGER NOT NULL,
  item TEXT NOT NULL,
  reason_sealed $BYTES NOT NULL,
  created_at $TIME NOT NULL,
  resolved_at $TIME,
  CONSTRAINT return_items_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT return_items_item_key UNIQUE (tenant_id, application_id, round, item),
  CONSTRAINT return_items_application_fk FOREIGN KEY (tenant_id, application_id) REFERENCES applications (tenant_id, id)
);
CREATE TABLE documents (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  application_id $UUID NOT NULL,
  item_key TEXT NOT NULL,
  version_no INTEGER NOT NULL,
  state TEXT NOT NULL,
  file_name_sealed $BYTES NOT NULL,
  declared_bytes BIGINT NOT NULL,
  declared_type TEXT NOT NULL,
  media_type TEXT,
  sha256 $BYTES,
  uploaded_by_kind TEXT NOT NULL,
  uploaded_by $UUID NOT NULL,
  refusal TEXT,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  finished_at $TIME,
  CONSTRAINT documents_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT documents_version_key UNIQUE (tenant_id, application_id, item_key, version_no),
  CONSTRAINT documents_application_fk FOREIGN KEY (tenant_id, application_id) REFERENCES applications (tenant_id, id),
  CONSTRAINT documents_state_check CHECK (state IN ('awaiting', 'ready', 'rejected', 'abandoned', 'removed'))
);
CREATE INDEX documents_of ON documents (tenant_id, application_id, item_key);
