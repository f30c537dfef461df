import VitalsCore
import VitalsEngine

/// What is told of the past: points and uptime, episodes, transitions.
extension OpenAPIDocument {
    static let historyPaths = """
        "/api/v1/health-checks/{id}/history": {"get": {
          "operationId": "getHistory", "summary": "Its past in points, and its uptime",
          "description": "\(history)",
          "tags": ["health checks"],
          "parameters": [
            {"$ref": "#/components/parameters/healthCheck"},
            \(stretch)],
          "responses": {
            "200": {"description": "Points, the oldest first.", "content": {"application/json": {"schema":
              {"$ref": "#/components/schemas/History"}}}},
            "400": {"$ref": "#/components/responses/Problem"},
            "404": {"$ref": "#/components/responses/Problem"},
            "503": {"$ref": "#/components/responses/Problem"},
            "default": {"$ref": "#/components/responses/Problem"}
          }}},
        "/api/v1/health-checks/{id}/vitals/{vital}": {"get": {
          "operationId": "getVital", "summary": "What became of one vital, in points",
          "description": "As long as single runs are kept.",
          "tags": ["health checks"],
          "parameters": [
            {"$ref": "#/components/parameters/healthCheck"},
            {"name": "vital", "in": "path", "required": true, "description": "Its name.",
              "schema": {"type": "string", "minLength": 1}},
            \(stretch)],
          "responses": {
            "200": {"description": "Points, the oldest first.", "content": {"application/json": {"schema":
              {"$ref": "#/components/schemas/VitalHistory"}}}},
            "400": {"$ref": "#/components/responses/Problem"},
            "404": {"$ref": "#/components/responses/Problem"},
            "503": {"$ref": "#/components/responses/Problem"},
            "default": {"$ref": "#/components/responses/Problem"}
          }}},
        "/api/v1/episodes": {"get": {
          "operationId": "listEpisodes", "summary": "All episodes, newest first", "tags": ["history"],
          "parameters": [
            {"$ref": "#/components/parameters/ofHealthCheck"},
            {"name": "open", "in": "query",
              "description": "Only those that last, or only those that are over.",
              "schema": {"type": "boolean"}},
            {"$ref": "#/components/parameters/limit"}, \(cursor(of: "episodes", by: .instantAndID))],
          "responses": {
            "200": {"description": "A page of episodes.", "content": {"application/json": {"schema":
              {"$ref": "#/components/schemas/EpisodeList"}}}},
            "400": {"$ref": "#/components/responses/Problem"},
            "503": {"$ref": "#/components/responses/Problem"},
            "default": {"$ref": "#/components/responses/Problem"}
          }}},
        "/api/v1/transitions": {"get": {
          "operationId": "listTransitions", "summary": "All changes of state, newest first",
          "tags": ["history"],
          "parameters": [
            {"$ref": "#/components/parameters/ofHealthCheck"},
            {"$ref": "#/components/parameters/limit"},
            \(cursor(of: "transitions", by: .instantAndTransition))],
          "responses": {
            "200": {"description": "A page of transitions.", "content": {"application/json": {"schema":
              {"$ref": "#/components/schemas/TransitionList"}}}},
            "400": {"$ref": "#/components/responses/Problem"},
            "503": {"$ref": "#/components/responses/Problem"},
            "default": {"$ref": "#/components/responses/Problem"}
          }}}
        """

    /// Which stretch of time is asked for, and in how many points.
    private static let stretch = """
        {"name": "from", "in": "query", "description": "24 hours before `to` unless given.",
          "schema": {"$ref": "#/components/schemas/Instant"}},
        {"name": "to", "in": "query", "description": "Now unless given; what lies ahead is left out.",
          "schema": {"$ref": "#/components/schemas/Instant"}},
        {"name": "points", "in": "query", "description": "How many at most.",
          "schema": {"type": "integer", "minimum": 1, "maximum": \(HistoryPoints.most),
            "default": \(HistoryController.defaultPoints)}}
        """

    private static let history = """
        Points have one width and follow each other; one without anything is a gap. Where single runs are \
        not kept any more a point is a whole hour or day of UTC or several, and one that the range cuts \
        counts whole: `from` and `to` say what was counted. Ranges above 48 hours are made of hours, above \
        62 days of days.
        """

    static var historySchemas: String {
        """
        "History": {"type": "object", "additionalProperties": false,
          "required": ["from", "to", "points", "uptime_ratio"],
          "properties": {
            "from": {"$ref": "#/components/schemas/Instant"},
            "to": {"$ref": "#/components/schemas/Instant"},
            "points": {"type": "array", "items": {"$ref": "#/components/schemas/HistoryPoint"}},
            "uptime_ratio": {"type": "object", "additionalProperties": false,
              "description": "\(uptime)", "required": [\(windows)],
              "properties": {\(UptimeWindow.allCases.map { ratio($0.rawValue) }.joined(separator: ", "))}}
          }},
        "VitalHistory": {"type": "object", "additionalProperties": false,
          "required": ["name", "unit", "latest", "points"],
          "properties": {
            "name": {"type": "string"}, "unit": {"type": "string"},
            "latest": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Vital"}]},
            "points": {"type": "array", "items": {"$ref": "#/components/schemas/VitalPoint"}}
          }},
        "VitalPoint": {"type": "object", "additionalProperties": false,
          "required": ["at", "from", "to", "count", "minimum", "mean", "maximum", "last"],
          "properties": {
            "at": {"type": "string", "format": "date-time", "description": "Its middle."},
            "from": {"$ref": "#/components/schemas/Instant"},
            "to": {"$ref": "#/components/schemas/Instant"},
            "count": {"type": "integer", "minimum": 0, "description": "How often it was measured."},
            "minimum": {"type": ["number", "null"]}, "mean": {"type": ["number", "null"]},
            "maximum": {"type": ["number", "null"]}, "last": {"type": ["number", "null"]}
          }},
        "HistoryPoint": {"type": "object", "additionalProperties": false,
          "required": ["at", "from", "to", "counts", "latency_ms"],
          "properties": {
            "at": {"type": "string", "format": "date-time", "description": "Its middle."},
            "from": {"$ref": "#/components/schemas/Instant"},
            "to": {"$ref": "#/components/schemas/Instant"},
            "counts": {"type": "object", "additionalProperties": false,
              "description": "Runs by what came of them, and slots that were not run.",
              "required": ["pass", "warn", "fail", "inconclusive", "missed"],
              "properties": {\(["pass", "warn", "fail", "inconclusive", "missed"].map(count)
                  .joined(separator: ", "))}},
            "latency_ms": {"description": "Of passes and warns; null when there are none. \(quantiles)",
              "oneOf": [{"type": "null"}, {"type": "object", "additionalProperties": false,
                "required": ["min", "median", "p95", "max"],
                "properties": {"min": {"type": "number"}, "median": {"type": "number"},
                  "p95": {"type": "number"}, "max": {"type": "number"}}}]}
          }},
        "Episode": {"type": "object", "additionalProperties": false,
          "required": ["id", "health_check", "opened_at", "ended_at", "reason", "cause", "phase", "message"],
          "properties": {
            "id": {"type": "string"},
            "health_check": {"$ref": "#/components/schemas/HealthCheckID"},
            "opened_at": {"$ref": "#/components/schemas/Instant"},
            "ended_at": {"type": ["string", "null"], "format": "date-time",
              "description": "Null while it lasts."},
            "reason": {"enum": \(names(EndReason.self, orNull: true)), "description": "Why it ended."},
            "cause": {"$ref": "#/components/schemas/Cause"},
            "phase": {"$ref": "#/components/schemas/Phase"},
            "message": {"type": ["string", "null"],
              "description": "Of the run that opened it, as `cause` and `phase`, while that is kept."}
          }},
        "EpisodeList": \(list(of: "Episode")),
        "TransitionList": \(list(of: "Transition"))
        """
    }

    private static let quantiles = "Median and p95 are within 0.4 %."

    private static let uptime = """
        Back from now, 0 to 1: of the runs that tell anything of the target the share in which it was there. \
        A warn counts as there; what is inconclusive or missed does not count. Null when no run tells \
        anything.
        """

    private static var windows: String {
        UptimeWindow.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    }

    private static func ratio(_ window: String) -> String {
        "\"\(window)\": {\"type\": [\"number\", \"null\"], \"minimum\": 0, \"maximum\": 1}"
    }

    private static func count(_ name: String) -> String {
        "\"\(name)\": {\"type\": \"integer\", \"minimum\": 0}"
    }
}
