"""The document is valid OpenAPI 3.1."""

import json
import sys

from openapi_spec_validator import OpenAPIV31SpecValidator

with open(sys.argv[1], encoding="utf-8") as file:
    document = json.load(file)
errors = list(OpenAPIV31SpecValidator(document).iter_errors())
for error in errors:
    print(f"{'/'.join(map(str, error.absolute_path))}: {error.message}")
print(f"{len(document['paths'])} paths, {len(errors)} errors")
sys.exit(bool(errors))
