/// Groups, checks that stand by themselves, and who is told what.
extension OpenAPIDocument {
    static let groupPaths = """
        "/api/v1/groups": {
          "get": {"operationId": "listGroups", "summary": "All groups, by id", "tags": ["groups"],
            "description": "Those that somebody described, and those that systems name.",
            "parameters": [
              {"$ref": "#/components/parameters/limit"}, \(cursor(of: "groups", by: .id))],
            "responses": {"200": {"description": "A page of groups.", "content": {"application/json":
              {"schema": {"$ref": "#/components/schemas/GroupList"}}}}, \(problems([400]))}},
          "post": {"operationId": "createGroup", "summary": "Describe one, kept in the store",
            "tags": ["groups"], "parameters": [{"$ref": "#/components/parameters/idempotencyKey"}],
            \(body("GroupBody")),
            "responses": {\(made("Group")), \(problems([400, 409, 413, 415, 503]))}}},
        "/api/v1/groups/{id}": {
          "get": {"operationId": "getGroup", "summary": "One group, as bad as the worst of its systems",
            "tags": ["groups"], "parameters": [\(path)],
            "responses": {\(found("Group")), \(problems([404]))}},
          "put": {"operationId": "replaceGroup", "summary": "Write it anew", "tags": ["groups"],
            "description": "One that only systems name is described by it.",
            "parameters": [\(path), \(ifMatch)], \(body("GroupBody")),
            "responses": {\(found("Group")), \(problems([400, 404, 409, 412, 413, 415, 503]))}},
          "delete": {"operationId": "deleteGroup", "summary": "Forget what describes it",
            "description": "Systems that name it are in it still.", "tags": ["groups"],
            "parameters": [\(path), \(ifMatch)],
            "responses": {\(gone), \(problems([400, 404, 409, 412, 503]))}}}
        """

    static let checkPaths = """
        "/api/v1/checks": {
          "get": {"operationId": "listChecks", "summary": "Checks that stand by themselves, by id",
            "description": "Those that a system has of its own are part of it.", "tags": ["checks"],
            "parameters": [
              {"$ref": "#/components/parameters/limit"}, \(cursor(of: "checks", by: .id))],
            "responses": {"200": {"description": "A page of checks.", "content": {"application/json":
              {"schema": {"$ref": "#/components/schemas/CheckList"}}}}, \(problems([400]))}},
          "post": {"operationId": "createCheck", "summary": "Make one, kept in the store",
            "tags": ["checks"], "parameters": [{"$ref": "#/components/parameters/idempotencyKey"}],
            \(body("CheckBody")),
            "responses": {\(made("Check")), \(problems([400, 409, 413, 415, 503]))}}},
        "/api/v1/checks/{id}": {
          "get": {"operationId": "getCheck", "summary": "One check", "tags": ["checks"],
            "parameters": [\(path)],
            "responses": {\(found("Check")), \(problems([404]))}},
          "put": {"operationId": "replaceCheck", "summary": "Write it anew", "tags": ["checks"],
            "description": "\(keptSecrets) \(renaming)",
            "parameters": [\(path), \(ifMatch)], \(body("CheckBody")),
            "responses": {\(found("Check")), \(problems([400, 404, 409, 412, 413, 415, 503]))}},
          "delete": {"operationId": "deleteCheck", "summary": "Forget it, with its health checks",
            "tags": ["checks"], "parameters": [\(path), \(ifMatch)],
            "responses": {\(gone), \(problems([400, 404, 409, 412, 503]))}}},
        "/api/v1/checks/{id}/pause": {"post": {
          "operationId": "pauseCheck", "summary": "Run it on no system until it is resumed",
          "description": "Always allowed; outlives a restart.", "tags": ["checks"],
          "parameters": [{"$ref": "#/components/parameters/idempotencyKey"}, \(path)],
          "responses": {\(found("Check")), \(problems([400, 404, 413, 503]))}}},
        "/api/v1/checks/{id}/resume": {"post": {
          "operationId": "resumeCheck", "summary": "Run it again, from unknown and at once",
          "description": "Always allowed; outlives a restart.", "tags": ["checks"],
          "parameters": [{"$ref": "#/components/parameters/idempotencyKey"}, \(path)],
          "responses": {\(found("Check")), \(problems([400, 404, 413, 503]))}}},
        "/api/v1/systems/{id}/checks/{check}": {
          "put": {"operationId": "assignCheck",
            "summary": "Put a check on a system, or change how it is there",
            "description": "`enabled` may always be changed, all else where both are stored.",
            "tags": ["checks"], "parameters": [\(path), \(check), \(ifMatch)],
            \(body("AssignmentBody")),
            "responses": {\(found("HealthCheck")), \(problems([400, 404, 409, 412, 413, 415, 503]))}},
          "delete": {"operationId": "unassignCheck", "summary": "Take a check from a system",
            "tags": ["checks"], "parameters": [\(path), \(check), \(ifMatch)],
            "responses": {\(gone), \(problems([400, 404, 409, 412, 503]))}}}
        """

    static let notificationPath = """
        "/api/v1/health-checks/{id}/notifications": {
          "get": {"operationId": "getNotifications", "summary": "Which channels are told what of it",
            "tags": ["health checks"], "parameters": [{"$ref": "#/components/parameters/healthCheck"}],
            "responses": {\(found("Notifications")), \(problems([404]))}},
          "put": {"operationId": "replaceNotifications", "summary": "Say so anew, all of it at once",
            "description": "A channel that is left out is not told, a later default one is.",
            "tags": ["health checks"],
            "parameters": [{"$ref": "#/components/parameters/healthCheck"}, \(ifMatch)],
            \(body("NotificationsBody")),
            "responses": {\(found("Notifications")), \(problems([400, 404, 409, 412, 413, 415, 503]))}}}
        """

    static var checkSchemas: String {
        """
        "Group": {"type": "object", "additionalProperties": false,
          "required": ["id", "name", "description", "systems", "state", "stale", "since", "managed_by"],
          "properties": {
            "id": {"$ref": "#/components/schemas/SystemID"},
            "name": {"type": "string"},
            "description": {"type": "string"},
            "systems": {"type": "array", "items": {"$ref": "#/components/schemas/SystemID"}},
            "state": {"$ref": "#/components/schemas/State"},
            "stale": {"type": "boolean", "description": "Whether one of its systems is."},
            "since": {"$ref": "#/components/schemas/NullableInstant"},
            "managed_by": {"$ref": "#/components/schemas/ManagedBy"}
          }},
        "GroupList": \(list(of: "Group")),
        "GroupBody": {"type": "object", "additionalProperties": false,
          "properties": {
            "id": {"$ref": "#/components/schemas/SystemID", "description": "Made of the name unless given."},
            "name": {"type": "string", "maxLength": 200},
            "description": {"type": "string", "maxLength": 4096}
          }},
        "Check": {"type": "object", "additionalProperties": false,
          "required": ["id", "kind", "all_systems", "systems", "health_checks", "paused", "managed_by"],
          "properties": {
            "id": {"$ref": "#/components/schemas/SystemID"},
            "kind": {"type": "string"},
            "all_systems": {"type": "boolean",
              "description": "Whether it is on all systems that are written where it is."},
            "systems": {"type": "array", "items": {"$ref": "#/components/schemas/SystemID"}},
            "health_checks": {"type": "array", "items": {"$ref": "#/components/schemas/HealthCheckID"}},
            "paused": {"type": "boolean"},
            "managed_by": {"$ref": "#/components/schemas/ManagedBy"}
          }},
        "CheckList": \(list(of: "Check")),
        "CheckBody": {"type": "object",
          "description": "As an item of `checks` in a file, durations in seconds.",
          "properties": {
            "id": {"$ref": "#/components/schemas/SystemID"},
            "systems": {"description": "Ids, objects with `id`, `enabled` and `thresholds`, or `*` for all.",
              "oneOf": [{"type": "string"}, {"type": "array", "items": {"type": ["string", "object"]}}]},
            "paused": {"type": "boolean"},
            "interval_seconds": {"type": "number"},
            "timeout_seconds": {"type": "number"},
            "confirm_every_seconds": {"oneOf": [{"type": "number"}, {"const": "off"}]},
            "renamed_from": {"$ref": "#/components/schemas/SystemID"}
          }},
        "AssignmentBody": {"type": "object", "additionalProperties": false,
          "properties": {
            "enabled": {"type": "boolean"},
            "thresholds": {"type": "object", "description": "Those that are not named stay."}
          }},
        "Binding": {"type": "object", "additionalProperties": false,
          "required": ["channel", "on_down", "on_degraded", "on_recovered", "enabled"],
          "properties": {\(bindingProperties)}},
        "Notifications": {"type": "object", "additionalProperties": false,
          "required": ["notifications", "managed_by"],
          "properties": {
            "notifications": {"type": "array", "items": {"$ref": "#/components/schemas/Binding"}},
            "managed_by": {"$ref": "#/components/schemas/ManagedBy"}
          }},
        "NotificationsBody": {"type": "object", "additionalProperties": false,
          "required": ["notifications"],
          "properties": {"notifications": {"type": "array", "items": {"type": "object",
            "additionalProperties": false, "required": ["channel"],
            "description": "At least one of the events is told.",
            "properties": {\(bindingProperties)}}}}}
        """
    }

    private static let bindingProperties = """
        "channel": {"$ref": "#/components/schemas/SystemID"},
        "on_down": {"type": "boolean"},
        "on_degraded": {"type": "boolean", "description": "As `on_down` unless given."},
        "on_recovered": {"type": "boolean"},
        "enabled": {"type": "boolean"}
        """

    private static let check = """
        {"name": "check", "in": "path", "required": true,
          "schema": {"$ref": "#/components/schemas/SystemID"}}
        """
}
