-- What all processes count together: how often a source asked in a minute. `source` is a hash; rows go a minute later.
CREATE TABLE rate_counts (
  kind TEXT NOT NULL,
  source $BYTES NOT NULL,
  minute BIGINT NOT NULL,
  taken INTEGER NOT NULL,
  CONSTRAINT rate_counts_pk PRIMARY KEY (kind, source, minute)
);
