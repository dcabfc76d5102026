-- Consent, what was pulled under it, and what was concluded from it. Who consented is sealed; `entitlement` says whether
-- it is settled that they may.
CREATE TABLE authorisations (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  mark TEXT NOT NULL,
  application_id $UUID NOT NULL,
  applicant_id $UUID NOT NULL,
  subject TEXT NOT NULL,
  capacity TEXT NOT NULL,
  purpose TEXT NOT NULL,
  sources $JSON NOT NULL,
  notice_version TEXT NOT NULL,
  person_name_sealed $BYTES NOT NULL,
  person_id_sealed $BYTES NOT NULL,
  person_hash $BYTES NOT NULL,
  entitlement TEXT NOT NULL,
  confirmed_by $UUID,
  confirmed_at $TIME,
  valid_from $TIME NOT NULL,
  valid_to $TIME NOT NULL,
  revoked_at $TIME,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  CONSTRAINT authorisations_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT authorisations_mark_key UNIQUE (tenant_id, mark),
  CONSTRAINT authorisations_entitlement_check CHECK (entitlement IN ('open', 'matched', 'confirmed', 'agent', 'record_differs', 'registration_differs', 'not_named')),
  CONSTRAINT authorisations_application_fk FOREIGN KEY (tenant_id, application_id) REFERENCES applications (tenant_id, id)
);
CREATE INDEX authorisations_of ON authorisations (tenant_id, application_id);
CREATE INDEX authorisations_by ON authorisations (tenant_id, applicant_id, created_at);
-- One row per attempt, never changed: what was asked of which source under which authorisation, and what came of it.
CREATE TABLE pulls (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  application_id $UUID NOT NULL,
  authorisation_id $UUID NOT NULL,
  adapter TEXT NOT NULL,
  source TEXT NOT NULL,
  round INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  row_count BIGINT NOT NULL,
  sha256 $BYTES,
  content_sealed $BYTES,
  problem TEXT,
  started_at $TIME NOT NULL,
  finished_at $TIME NOT NULL,
  CONSTRAINT pulls_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT pulls_attempt_key UNIQUE (tenant_id, application_id, source, round, attempt),
  CONSTRAINT pulls_application_fk FOREIGN KEY (tenant_id, application_id) REFERENCES applications (tenant_id, id),
  CONSTRAINT pulls_authorisation_fk FOREIGN KEY (tenant_id, authorisation_id) REFERENCES authorisations (tenant_id, id),
  CONSTRAINT pulls_outcome_check CHECK (outcome IN ('complete', 'incomplete', 'absent', 'failed', 'refused'))
);
CREATE INDEX pulls_of ON pulls (tenant_id, application_id, source, round);
CREATE TABLE invoices (
  tenant_id $UUID NOT NULL,
  pull_id $UUID NOT NULL,
  row_no BIGINT NOT NULL,
  number TEXT NOT NULL,
  issued_on $DATE,
  counterparty TEXT NOT NULL,
  amount_fen BIGINT,
  tax_fen BIGINT,
  total_fen BIGINT,
  void BOOLEAN NOT NULL,
  flaw TEXT,
  CONSTRAINT invoices_pk PRIMARY KEY (tenant_id, pull_id, row_no),
  CONSTRAINT invoices_pull_fk FOREIGN KEY (tenant_id, pull_id) REFERENCES pulls (tenant_id, id)
);
-- Never changed: inputs (pulls with their hashes, indicator values), the version of the rules, result and reasons.
CREATE TABLE assessments (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  application_id $UUID NOT NULL,
  kind TEXT NOT NULL,
  scorecard_id $UUID NOT NULL,
  scorecard_version BIGINT NOT NULL,
  as_of $DATE NOT NULL,
  inputs $JSON NOT NULL,
  inputs_hash $BYTES NOT NULL,
  total BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  result $JSON NOT NULL,
  created_at $TIME NOT NULL,
  CONSTRAINT assessments_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT assessments_application_fk FOREIGN KEY (tenant_id, application_id) REFERENCES applications (tenant_id, id),
  CONSTRAINT assessments_scorecard_fk FOREIGN KEY (tenant_id, scorecard_id) REFERENCES scorecards (tenant_id, id),
  CONSTRAINT assessments_outcome_check CHECK (outcome IN ('accept', 'review', 'refuse'))
);
CREATE INDEX assessments_of ON assessments (tenant_id, application_id, id);
-- What applicants read without logging in.
CREATE TABLE policies (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  source TEXT NOT NULL,
  conditions $JSON NOT NULL,
  status TEXT NOT NULL,
  published_at $TIME,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  CONSTRAINT policies_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT policies_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id),
  CONSTRAINT policies_status_check CHECK (status IN ('draft', 'published', 'withdrawn'))
);
CREATE TABLE articles (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  title TEXT NOT NULL,
  summary TEXT NOT NULL,
  body TEXT NOT NULL,
  status TEXT NOT NULL,
  published_at $TIME,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  CONSTRAINT articles_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT articles_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id),
  CONSTRAINT articles_status_check CHECK (status IN ('draft', 'published', 'withdrawn'))
);
CREATE TABLE glossary_entries (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  term TEXT NOT NULL,
  meaning TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  CONSTRAINT glossary_entries_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT glossary_entries_term_key UNIQUE (tenant_id, term),
  CONSTRAINT glossary_entries_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
