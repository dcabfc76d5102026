# Doors only: each recipe is one command that can be typed without just.

# what there is
default:
    @just --list

# run the product on its embedded default
run:
    cargo run --release

# the tests, on SQLite (or on PostgreSQL with TEST_DATABASE_URL)
test:
    cargo test --workspace

# everything that must hold before a change lands
ci:
    bash .ci/run

# how fast it is, as ratios of alternating runs (release build, PostgreSQL)
bench *parts:
    bash .ci/bench {{parts}}

# the ledger's promises with their full figures: kills, races, random histories (an hour or two)
prove *parts:
    bash .ci/prove {{parts}}

# write openapi/openapi.json from the code
document:
    cargo run --quiet -- openapi > openapi/openapi.json

# write the TypeScript types from the document
client: document
    cd openapi/client && npm ci --silent && npm run --silent generate

# write docs/errors.md and docs/access.md from the code
tables:
    cargo run --quiet -- table errors > docs/errors.md
    cargo run --quiet -- table access > docs/access.md
