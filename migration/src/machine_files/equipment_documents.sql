-- Photos and papers of machines, one row an upload, as `documents` has them of applications. What something rests on, a score
-- or a record that names it, is kept also where somebody takes it away.
CREATE TABLE equipment_documents (
  tenant_id $UUID NOT NULL,
  id $UUID NOT NULL,
  equipment_id $UUID NOT NULL,
  kind TEXT NOT NULL,
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
  relied_on_at $TIME,
  version BIGINT NOT NULL,
  created_at $TIME NOT NULL,
  finished_at $TIME,
  CONSTRAINT equipment_documents_pk PRIMARY KEY (tenant_id, id),
  CONSTRAINT equipment_documents_version_key UNIQUE (tenant_id, equipment_id, kind, version_no),
  CONSTRAINT equipment_documents_equipment_fk FOREIGN KEY (tenant_id, equipment_id) REFERENCES equipment (tenant_id, id),
  CONSTRAINT equipment_documents_state_check CHECK (state IN ('awaiting', 'ready', 'rejected', 'abandoned', 'removed')),
  CONSTRAINT equipment_documents_relied_check CHECK (relied_on_at IS NULL OR (state IN ('ready', 'removed') AND sha256 IS NOT NULL))
);
