import VitalsCore
import VitalsEngine

/// The server itself: its configuration, and where messages link to.
extension OpenAPIDocument {
    static let serverPaths = """
        "/api/v1/configuration": {"get": {
          "operationId": "getConfiguration", "summary": "What is in force, and what is wrong with the files",
          "description": "Files that are wrong change nothing: what was in force stays so.",
          "tags": ["configuration"],
          "responses": {
            "200": {"description": "As it is.", "headers": {"ETag": {"description": "The `revision`.",
              "schema": {"type": "string"}}}, "content": {"application/json": {"schema":
              {"$ref": "#/components/schemas/ConfigurationStatus"}}}},
            "default": {"$ref": "#/components/responses/Problem"}
          }}},
        "/api/v1/probe-kinds": {"get": {
          "operationId": "listProbeKinds", "summary": "Of what checks can be made", "tags": ["configuration"],
          "responses": {
            "200": {"description": "All of them.", "content": {"application/json": {"schema":
              {"$ref": "#/components/schemas/ProbeKindList"}}}},
            "default": {"$ref": "#/components/responses/Problem"}
          }}},
        "/api/v1/channel-kinds": {"get": {
          "operationId": "listChannelKinds", "summary": "Of what channels can be made",
          "tags": ["configuration"],
          "responses": {
            "200": {"description": "All of them.", "content": {"application/json": {"schema":
              {"$ref": "#/components/schemas/ChannelKindList"}}}},
            "default": {"$ref": "#/components/responses/Problem"}
          }}},
        "/health-checks/{id}": {"get": {
          "operationId": "followLink", "summary": "Where messages link to",
          "description": "Leads to where the health check is to be seen.",
          "tags": ["health checks"],
          "parameters": [{"$ref": "#/components/parameters/healthCheck"}],
          "responses": {
            "404": {"$ref": "#/components/responses/Problem"},
            "303": {"description": "There.", "headers": {"Location": {"required": true,
              "schema": {"type": "string"}}}},
            "default": {"$ref": "#/components/responses/Problem"}
          }}}
        """

    static let readinessPaths = """
        "/livez": {"get": {
          "operationId": "getLive", "summary": "Whether the process answers", "tags": ["health"],
          "security": [{}],
          "parameters": [\(verbose)],
          "responses": {
            "200": {"$ref": "#/components/responses/Text"},
            "default": {"$ref": "#/components/responses/Problem"}
          }}},
        "/healthz": {"get": {
          "operationId": "getHealthz", "summary": "The same as /livez", "tags": ["health"], "security": [{}],
          "parameters": [\(verbose)],
          "responses": {
            "200": {"$ref": "#/components/responses/Text"},
            "default": {"$ref": "#/components/responses/Problem"}
          }}},
        "/readyz": {"get": {
          "operationId": "getReady", "summary": "Whether this server can do its work",
          "description": "Files that cannot be taken up are shown and decide nothing.",
          "tags": ["health"], "security": [{}],
          "parameters": [\(verbose),
            {"name": "exclude", "in": "query", "description": "Leaves an item out.",
              "schema": {"type": "array", "items": {"type": "string"}}}
          ],
          "responses": {
            "200": {"$ref": "#/components/responses/Text"},
            "503": {"$ref": "#/components/responses/Text"},
            "default": {"$ref": "#/components/responses/Problem"}
          }}},
        "/readyz/{name}": {"get": {
          "operationId": "getReadyItem", "summary": "Whether one thing is in order",
          "tags": ["health"], "security": [{}],
          "parameters": [{"name": "name", "in": "path", "required": true, "schema": \(items)}],
          "responses": {
            "200": {"$ref": "#/components/responses/Text"},
            "404": {"$ref": "#/components/responses/Problem"},
            "503": {"$ref": "#/components/responses/Text"},
            "default": {"$ref": "#/components/responses/Problem"}
          }}}
        """

    static let serverSchemas = """
        "ConfigurationProblem": {"type": "object", "additionalProperties": false,
          "required": ["source", "line", "column", "path", "message"],
          "properties": {
            "source": {"type": ["string", "null"],
              "description": "A file, an environment variable or a flag; null: what is stored."},
            "line": {"type": ["integer", "null"]},
            "column": {"type": ["integer", "null"]},
            "path": {"type": "string", "description": "As in `checks[0].interval`; may be empty."},
            "message": {"type": "string"}
          }},
        "ConfigurationStatus": {"type": "object", "additionalProperties": false,
          "required": ["revision", "files", "loaded_at", "read_at", "problems", "warnings", "needs_restart",
            "systems", "health_checks", "channels", "tls"],
          "properties": {
            "revision": {"type": "string", "description": "Another once the files say otherwise."},
            "files": {"type": "array", "items": {"type": "string"},
              "description": "In their order; none: the server watches itself, and what is stored."},
            "loaded_at": {"$ref": "#/components/schemas/Instant",
              "description": "When what the files say came into force."},
            "read_at": {"$ref": "#/components/schemas/Instant", "description": "When they were last read."},
            "problems": {"type": "array", "items": {"$ref": "#/components/schemas/ConfigurationProblem"},
              "description": "What is wrong with the files as they are now; none: they are in force."},
            "warnings": {"type": "array", "items": {"$ref": "#/components/schemas/ConfigurationProblem"}},
            "needs_restart": {"type": "array", "items": {"enum": ["server", "storage", "deadman"]},
              "description": "Sections that have changed and are read at the start only."},
            "systems": {"type": "integer", "minimum": 0},
            "health_checks": {"type": "integer", "minimum": 0},
            "channels": {"type": "integer", "minimum": 0},
            "tls": {"description": "Of a server that speaks TLS.", "oneOf": [{"type": "null"},
              {"type": "object", "additionalProperties": false, "required": ["expires_at", "problem"],
                "properties": {
                  "expires_at": {"$ref": "#/components/schemas/Instant"},
                  "problem": {"type": ["string", "null"],
                    "description": "Why the files as they are now are not taken up."}}}]}
          }},
        "ProbeKind": {"type": "object", "additionalProperties": false,
          "required": ["kind", "database", "schemes", "target", "configuration", "conditions", "facts",
            "vitals", "known_vitals", "by_file_only"],
          "properties": {
            "kind": {"type": "string"},
            "database": {"type": "boolean"},
            "schemes": {"type": "array", "items": {"type": "string"},
              "description": "By which the command line and `connection` know it."},
            "target": {"type": "string", "description": "The setting that a single value stands for."},
            "configuration": {"type": "object",
              "description": "JSON Schema (2020-12) of what stands under the kind; a secret is `writeOnly`."},
            "conditions": {"type": "array", "items": {"type": "string"},
              "description": "What conditions may ask for."},
            "facts": {"type": "array", "items": {"type": "object", "additionalProperties": false,
              "required": ["name", "type", "unit", "worse", "chart"],
              "properties": {
                "name": {"enum": \(names(FactName.self))},
                "type": {"enum": \(names(FactShape.Kind.self))},
                "unit": {"type": "string", "description": "Empty: none, or it is counted."},
                "worse": {"enum": \(names(FactShape.Direction.self, orNull: true)),
                  "description": "Which way is bad; null: neither."},
                "chart": {"enum": \(names(FactShape.Chart.self, orNull: true)),
                  "description": "How it is drawn over time; null: it is shown as it is."}}}},
            "vitals": {"enum": \(names(ProbeForm.Vitals.self)),
              "description": "`named`: by the target, each with unit and ranges; `known`: listed."},
            "known_vitals": {"type": "array", "items": {"$ref": "#/components/schemas/KnownVital"}},
            "by_file_only": {"type": "boolean",
              "description": "Whether only a file may ask for it: it runs programs or opens files here."}
          }},
        "KnownVital": {"type": "object", "additionalProperties": false,
          "required": ["name", "summary", "unit", "worse", "chart", "every_seconds",
            "follows_from", "warn", "critical", "clear"],
          "properties": {
            "name": {"type": "string"}, "summary": {"type": "string"},
            "unit": {"type": "string", "description": "Empty: none, or it is counted."},
            "worse": {"enum": \(names(FactShape.Direction.self)), "description": "Which way is bad."},
            "chart": {"enum": \(names(FactShape.Chart.self))},
            "every_seconds": {"type": "number", "description": "How often it is measured."},
            "follows_from": {"type": "array", "items": {"type": "string"},
              "description": "The vitals that are measured to know it, if it is not measured itself."},
            "warn": {"type": ["number", "null"], "description": "Beyond it, it degrades."},
            "critical": {"type": ["number", "null"]},
            "clear": {"type": ["number", "null"],
              "description": "On the far side of it, it is well again."}
          }},
        "ProbeKindList": \(list(of: "ProbeKind")),
        "ChannelKind": {"type": "object", "additionalProperties": false,
          "required": ["kind", "target", "configuration", "secrets"],
          "properties": {
            "kind": {"type": "string"},
            "target": {"type": "string", "description": "The setting that a single value stands for."},
            "configuration": {"type": "object",
              "description": "JSON Schema (2020-12) of what stands under the kind; a secret is `writeOnly`."},
            "secrets": {"type": "array", "items": {"type": "string"}}
          }},
        "ChannelKindList": \(list(of: "ChannelKind"))
        """

    private static let items =
        "{\"enum\": [" + ReadinessController.names.map { "\"\($0)\"" }.joined(separator: ", ") + "]}"

    private static let verbose = """
        {"name": "verbose", "in": "query", "schema": {"type": "string"},
          "description": "A line for each item. Why one failed is told only with the token."}
        """
}
