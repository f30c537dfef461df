import VitalsCore
import VitalsEngine

extension OpenAPIDocument {
    /// Where pings are heard, and what was heard.
    static var pingPaths: String {
        let healthchecks = [
            ("/ping/{code}", "ping", "Say that a job has ended well, as to healthchecks", [code("uuid")]),
            (
                "/ping/{code}/{part}", "pingPart",
                "Say how a job goes, by its uuid, or that it has ended well, by its name",
                [
                    code("uuid, or the ping key"),
                    parameter("part", "`start`, `fail`, `log` or an exit status; or its name."),
                ]
            ),
            (
                "/ping/{code}/{part}/{action}", "pingNamed", "Say how a job goes, by its name",
                [
                    code("ping key"), parameter("part", "Its name: of the check or of the health check."),
                    parameter("action", "`start`, `fail`, `log` or an exit status."),
                ]
            ),
        ].map { path, name, summary, parameters in
            """
            "\(path)": {"get": \(ping(name, summary, parameters)),
              "post": \(ping("\(name)WithBody", summary, parameters))}
            """
        }
        return """
            \(healthchecks.joined(separator: ",\n")),
            "/api/push/{token}": {"get": \(push("push")), "post": \(push("pushByPost"))},
            \(externalPath),
            \(listPath)
            """
    }

    private static func ping(_ name: String, _ summary: String, _ parameters: [String]) -> String {
        let run = """
            {"name": "rid", "in": "query", "description": "Pairs an end with its beginning.",
              "schema": {"type": "string", "format": "uuid"}}
            """
        return """
            {"operationId": "\(name)", "summary": "\(summary)", "tags": ["pings"], "security": [{}],
              "description": "The first 4096 bytes of a body are kept.",
              "parameters": [\((parameters + [run]).joined(separator: ", "))],
              "responses": {
                "200": {"$ref": "#/components/responses/Text"},
                "400": {"description": "What is said is no ping.", "content": {"text/plain": {"schema":
                  {"type": "string"}}, "application/problem+json": {"schema":
                  {"$ref": "#/components/schemas/Problem"}}}},
                "404": {"$ref": "#/components/responses/Text"},
                "409": {"$ref": "#/components/responses/Text"},
                "503": {"$ref": "#/components/responses/Text"},
                "default": {"$ref": "#/components/responses/Problem"}
              }}
            """
    }

    private static func push(_ name: String) -> String {
        let answer = """
            {"application/json": {"schema": {"$ref": "#/components/schemas/PushAnswer"}}}
            """
        return """
            {"operationId": "\(name)", "summary": "Ping as to Uptime Kuma", "tags": ["pings"],
              "security": [{}],
              "parameters": [\(parameter("token", "Of the heartbeat.")),
                {"name": "status", "in": "query", "description": "Whatever is not `up` is down.",
                  "schema": {"type": "string", "default": "up"}},
                {"name": "msg", "in": "query", "schema": {"type": "string"}},
                {"name": "ping", "in": "query", "description": "How long it took, in milliseconds.",
                  "schema": {"type": "string"}}],
              "responses": {
                "200": {"description": "It is recorded.", "content": \(answer)},
                "400": {"$ref": "#/components/responses/Problem"},
                "404": {"description": "No heartbeat has this token, or several.", "content": \(answer)},
                "503": {"description": "It is not recorded so far.", "content": \(answer)},
                "default": {"$ref": "#/components/responses/Problem"}
              }}
            """
    }

    private static let externalPath = """
        "/api/v1/endpoints/{key}/external": {"post": {
          "operationId": "reportExternal", "summary": "Ping as to Gatus", "tags": ["pings"],
          "security": [{"heartbeat": []}],
          "parameters": [\(parameter("key", "Of the heartbeat: `<system>_<check>` unless it has another.")),
            {"name": "success", "in": "query", "required": true, "schema": {"enum": ["true", "false"]}},
            {"name": "error", "in": "query", "schema": {"type": "string"}},
            {"name": "duration", "in": "query", "description": "As in `1m30s`.",
              "schema": {"type": "string"}}],
          "responses": {
            "200": {"$ref": "#/components/responses/Text"},
            "400": {"description": "What is said is no ping.", "content": {"text/plain": {"schema":
              {"type": "string"}}, "application/problem+json": {"schema":
              {"$ref": "#/components/schemas/Problem"}}}},
            "401": {"$ref": "#/components/responses/Text"},
            "404": {"$ref": "#/components/responses/Text"},
            "503": {"$ref": "#/components/responses/Text"},
            "default": {"$ref": "#/components/responses/Problem"}
          }}}
        """

    private static let listPath = """
        "/api/v1/health-checks/{id}/pings": {"get": {
          "operationId": "listPings", "summary": "What it was heard to say, newest first",
          "tags": ["health checks"],
          "parameters": [
            {"$ref": "#/components/parameters/healthCheck"},
            {"$ref": "#/components/parameters/limit"}, \(cursor(of: "pings", by: .number))],
          "responses": {
            "200": {"description": "A page of pings.", "content": {"application/json": {"schema":
              {"$ref": "#/components/schemas/PingList"}}}},
            "400": {"$ref": "#/components/responses/Problem"},
            "404": {"$ref": "#/components/responses/Problem"},
            "503": {"$ref": "#/components/responses/Problem"},
            "default": {"$ref": "#/components/responses/Problem"}
          }}}
        """

    private static func code(_ what: String) -> String { parameter("code", "The \(what).") }

    private static func parameter(_ name: String, _ description: String) -> String {
        """
        {"name": "\(name)", "in": "path", "required": true, "description": "\(description)",
          "schema": {"type": "string"}}
        """
    }

    static var heartbeatSchemas: String {
        """
        "Heartbeat": {"type": "object", "additionalProperties": false,
          "description": "Where it pings; the paths and the token only where it is asked for by itself.",
          "required": ["period_seconds", "cron", "timezone", "grace_seconds", "last_ping_at",
            "last_start_at", "last_end_at", "last_duration_ms", "next_expected_at", "deadline_at"],
          "properties": {
            "period_seconds": {"type": ["number", "null"]},
            "cron": {"type": ["string", "null"]},
            "timezone": {"type": ["string", "null"]},
            "grace_seconds": {"type": "number"},
            "last_ping_at": {"$ref": "#/components/schemas/NullableInstant"},
            "last_start_at": {"$ref": "#/components/schemas/NullableInstant"},
            "last_end_at": {"$ref": "#/components/schemas/NullableInstant"},
            "last_duration_ms": {"type": ["number", "null"]},
            "next_expected_at": {"$ref": "#/components/schemas/NullableInstant"},
            "deadline_at": {"$ref": "#/components/schemas/NullableInstant"},
            "ping_path": {"type": "string"}, "push_path": {"type": "string"},
            "external_path": {"type": "string"}, "token": {"type": "string"}
          }},
        "Ping": {"type": "object", "additionalProperties": false,
          "required": ["at", "kind", "exit_status", "run", "duration_ms", "dialect", "client", "agent",
            "body"],
          "properties": {
            "at": {"$ref": "#/components/schemas/Instant"},
            "kind": {"enum": [\(Ping.Kind.words.map { "\"\($0)\"" }.joined(separator: ", "))]},
            "exit_status": {"type": ["integer", "null"]},
            "run": {"type": ["string", "null"]},
            "duration_ms": {"type": ["number", "null"]},
            "dialect": {"enum": \(names(HeardPing.Dialect.self))},
            "client": {"type": "string"}, "agent": {"type": "string"},
            "body": {"type": "string", "description": "At most its first 4096 bytes."}
          }},
        "PingList": \(list(of: "Ping")),
        "PushAnswer": {"type": "object", "additionalProperties": false, "required": ["ok"],
          "properties": {"ok": {"type": "boolean"}, "msg": {"type": "string"}}}
        """
    }
}
