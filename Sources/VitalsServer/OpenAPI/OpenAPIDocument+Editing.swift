/// What changes the stored part of the configuration.
extension OpenAPIDocument {
    static let channelPaths = """
        "/api/v1/channels": {
          "get": {"operationId": "listChannels", "summary": "All channels, by id", "tags": ["channels"],
            "parameters": [
              {"$ref": "#/components/parameters/limit"}, \(cursor(of: "channels", by: .id))],
            "responses": {"200": {"description": "A page of channels.", "content": {"application/json":
              {"schema": {"$ref": "#/components/schemas/ChannelList"}}}}, \(problems([400]))}},
          "post": {"operationId": "createChannel", "summary": "Make one, kept in the store",
            "tags": ["channels"], "parameters": [{"$ref": "#/components/parameters/idempotencyKey"}],
            \(body("ChannelBody")),
            "responses": {\(made("Channel")), \(problems([400, 409, 413, 415, 503]))}}},
        "/api/v1/channels/{id}": {
          "get": {"operationId": "getChannel", "summary": "One channel", "tags": ["channels"],
            "parameters": [\(path)],
            "responses": {\(found("Channel")), \(problems([404]))}},
          "put": {"operationId": "replaceChannel", "summary": "Write it anew",
            "description": "\(keptSecrets)",
            "tags": ["channels"], "parameters": [\(path), \(ifMatch)], \(body("ChannelBody")),
            "responses": {\(found("Channel")), \(problems([400, 404, 409, 412, 413, 415, 503]))}},
          "patch": {"operationId": "changeChannel", "summary": "Switch it off or on",
            "description": "Whoever wrote it. What an open page was told is closed without a word.",
            "tags": ["channels"], "parameters": [\(path), \(ifMatch)], \(body("ChannelChange")),
            "responses": {\(found("Channel")), \(problems([400, 404, 409, 412, 413, 415, 503]))}},
          "delete": {"operationId": "deleteChannel", "summary": "Forget it", "tags": ["channels"],
            "parameters": [\(path), \(ifMatch)],
            "responses": {\(gone), \(problems([400, 404, 409, 412, 503]))}}}
        """

    static let systemPaths = """
        "/api/v1/systems": {
          "get": {"operationId": "listSystems", "summary": "All systems, by id", "tags": ["systems"],
            "parameters": [
              {"$ref": "#/components/parameters/limit"}, \(cursor(of: "systems", by: .id))],
            "responses": {"200": {"description": "A page of systems.", "content": {"application/json":
              {"schema": {"$ref": "#/components/schemas/SystemList"}}}}, \(problems([400]))}},
          "post": {"operationId": "createSystem",
            "summary": "Make one with its health checks, kept in the store",
            "tags": ["systems"], "parameters": [{"$ref": "#/components/parameters/idempotencyKey"}],
            \(body("SystemBody")),
            "responses": {\(made("System")), \(problems([400, 409, 413, 415, 503]))}}},
        "/api/v1/systems/{id}": {
          "get": {"operationId": "getSystem", "summary": "One system", "tags": ["systems"],
            "parameters": [\(path)],
            "responses": {\(found("System")), \(problems([404]))}},
          "put": {"operationId": "replaceSystem", "summary": "Write it anew",
            "description": "By the check's id: \(keptSecrets) \(renaming)",
            "tags": ["systems"], "parameters": [\(path), \(ifMatch)], \(body("SystemBody")),
            "responses": {\(found("System")), \(problems([400, 404, 409, 412, 413, 415, 503]))}},
          "delete": {"operationId": "deleteSystem", "summary": "Forget it, with its health checks",
            "tags": ["systems"], "parameters": [\(path), \(ifMatch)],
            "responses": {\(gone), \(problems([400, 404, 409, 412, 503]))}}}
        """

    static let healthCheckPath = """
        "/api/v1/health-checks/{id}": {
          "get": {"operationId": "getHealthCheck", "summary": "One health check", "tags": ["health checks"],
            "parameters": [{"$ref": "#/components/parameters/healthCheck"}],
            "responses": {\(found("HealthCheck")), \(problems([404]))}},
          "patch": {"operationId": "changeHealthCheck", "summary": "Change what is named, and nothing else",
            "description": "`enabled` and `snoozed_until` always, all else where its system is stored.",
            "tags": ["health checks"],
            "parameters": [{"$ref": "#/components/parameters/healthCheck"}, \(ifMatch)],
            \(body("HealthCheckChange")),
            "responses": {\(found("HealthCheck")), \(problems([400, 404, 409, 412, 413, 415, 503]))}}}
        """

    static let keptSecrets = """
        What is secret and left out stays as it is, as long as it goes where it went; null removes it.
        """

    static let renaming = """
        With `renamed_from` what is stored under that id goes on under this one.
        """

    static var editingSchemas: String {
        """
        "ManagedBy": {"description": "What says how it is; null: it is stored, and can be changed.",
          "oneOf": [{"type": "null"}, {"type": "object", "additionalProperties": false,
            "required": ["file"], "properties": {"file": {"type": "string"}}},
            {"type": "object", "additionalProperties": false,
            "required": ["environment"], "properties": {"environment": {"type": "string"}}}]},
        "Channel": {"type": "object", "additionalProperties": false,
          "required": ["id", "kind", "default", "enabled", "cooldown_seconds", "secrets", "managed_by"],
          "properties": {
            "id": {"$ref": "#/components/schemas/SystemID"},
            "kind": {"type": "string"},
            "default": {"type": "boolean"},
            "enabled": {"type": "boolean", "description": "If not, nothing is sent."},
            "cooldown_seconds": {"type": "number"},
            "secrets": {"description": "Whether each is set; null where a file says it.",
              "type": ["object", "null"], "additionalProperties": {"type": "boolean"}},
            "managed_by": {"$ref": "#/components/schemas/ManagedBy"}
          }},
        "ChannelList": \(list(of: "Channel")),
        "ChannelBody": {"type": "object",
          "description": "As an item of `channels` in a file; its settings under the name of its kind.",
          "properties": {
            "id": {"$ref": "#/components/schemas/SystemID"},
            "default": {"type": "boolean"},
            "enabled": {"type": "boolean"},
            "cooldown_seconds": {"type": "number", "minimum": 0, "maximum": 43200}
          }},
        "ChannelChange": {"type": "object", "additionalProperties": false,
          "properties": {"enabled": {"type": "boolean"}}},
        "HealthCheckChange": {"type": "object", "additionalProperties": false,
          "properties": {
            "enabled": {"type": "boolean"},
            "snoozed_until": {"type": ["string", "null"], "format": "date-time",
              "description": "Until then, 366 days at most, nobody is told that it is bad; null: now."},
            "interval_seconds": {"type": "number", "minimum": 0.1, "maximum": 604800},
            "timeout_seconds": {"type": "number", "minimum": 0.01, "maximum": 600,
              "description": "At most the interval."},
            "thresholds": {"type": "object", "description": "Those that are not named stay."}
          }},
        "SystemBody": {"type": "object",
          "description": "As an item of `systems` in a file, durations in seconds.",
          "properties": {
            "id": {"$ref": "#/components/schemas/SystemID", "description": "Made of the name unless given."},
            "name": {"type": "string", "maxLength": 200},
            "connection": {"type": "string",
              "description": "A URL instead of `checks`: makes one check, `connection`."},
            "labels": {"type": "object", "additionalProperties": {"type": "string"},
              "description": "What checks on many systems ask for as `{{system.NAME}}`."},
            "renamed_from": {"$ref": "#/components/schemas/SystemID"},
            "cluster": {"type": "object", "additionalProperties": false,
              "description": "How many database servers of each part it is to have.",
              "properties": {
                "primaries": {"type": "integer", "minimum": 0, "maximum": 100, "default": 1},
                "replicas_at_least": {"type": "integer", "minimum": 0, "maximum": 100, "default": 0}}},
            "checks": {"type": "array", "items": {"type": "object", "properties": {
              "id": {"$ref": "#/components/schemas/SystemID"},
              "interval_seconds": {"type": "number", "minimum": 0.1, "maximum": 604800},
              "timeout_seconds": {"type": "number", "minimum": 0.01, "maximum": 600},
              "confirm_every_seconds": {"oneOf": [{"type": "number"}, {"const": "off"}]}}}}
          }}
        """
    }

    static let path = """
        {"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/SystemID"}}
        """

    static let ifMatch = """
        {"name": "If-Match", "in": "header", "description": "The ETag that it must still have.",
          "schema": {"type": "string"}}
        """

    static let gone = "\"204\": {\"description\": \"It is gone.\"}"

    private static let tag = """
        "ETag": {"description": "Of what is stored; none where a file says it.",
          "schema": {"type": "string"}}
        """

    static func body(_ name: String) -> String {
        """
        "requestBody": {"required": true, "content": {"application/json": {"schema":
          {"$ref": "#/components/schemas/\(name)"}}}}
        """
    }

    static func found(_ name: String) -> String {
        """
        "200": {"description": "As it is.", "headers": {\(tag)}, "content": {"application/json":
          {"schema": {"$ref": "#/components/schemas/\(name)"}}}}
        """
    }

    static func made(_ name: String) -> String {
        """
        "201": {"description": "It is in force.", "headers": {\(tag),
          "Location": {"required": true, "schema": {"type": "string"}}}, "content": {"application/json":
          {"schema": {"$ref": "#/components/schemas/\(name)"}}}}
        """
    }

    static func problems(_ statuses: [Int]) -> String {
        (statuses.map(String.init) + ["default"])
            .map { "\"\($0)\": {\"$ref\": \"#/components/responses/Problem\"}" }
            .joined(separator: ", ")
    }
}
