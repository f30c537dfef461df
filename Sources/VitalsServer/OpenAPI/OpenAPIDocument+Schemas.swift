import VitalsCore
import VitalsEngine

extension OpenAPIDocument {
    /// Closed objects: a member that is not described fails the tests.
    static var schemas: String {
        """
        {
        "SystemID": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,62}$"},
        "HealthCheckID": {"type": "string", "description": "`<system>.<check>`",
          "pattern": "^[a-z0-9][a-z0-9-]{0,62}[.][a-z0-9][a-z0-9-]{0,62}$"},
        "Instant": {"type": "string", "format": "date-time"},
        "NullableInstant": {"type": ["string", "null"], "format": "date-time"},
        "Cursor": {"type": ["string", "null"], "description": "Of the next page; null on the last."},
        "State": {"enum": \(names(State.self)),
          "description": "Not known is never well: `unknown` is not `healthy`."},
        "Outcome": {"enum": \(names(Outcome.self)),
          "description": "`inconclusive` is our own fault and tells nothing of the target."},
        "Cause": {"enum": \(names(Cause.self, orNull: true))},
        "Phase": {"enum": \(names(Phase.self, orNull: true))},
        "System": {"type": "object", "additionalProperties": false,
          "required": ["id", "name", "description", "links", "groups", "labels", "cluster", "state", "stale",
            "since", "health_checks", "managed_by"],
          "properties": {
            "id": {"$ref": "#/components/schemas/SystemID"},
            "name": {"type": "string"},
            "description": {"type": "string"},
            "links": {"type": "object", "additionalProperties": {"type": "string"}},
            "groups": {"type": "array", "items": {"type": "string"}},
            "labels": {"type": "object", "additionalProperties": {"type": ["string", "null"]},
              "description": "Null: an environment variable is part of it."},
            "cluster": {"type": ["object", "null"], "required": ["primaries", "replicas_at_least"],
              "additionalProperties": false,
              "description": "How many database servers of each part it is to have.",
              "properties": {"primaries": {"type": "integer"}, "replicas_at_least": {"type": "integer"}}},
            "state": {"$ref": "#/components/schemas/State"},
            "stale": {"type": "boolean", "description": "Whether one of its health checks is."},
            "since": {"$ref": "#/components/schemas/NullableInstant"},
            "health_checks": {"type": "array", "items": {"$ref": "#/components/schemas/HealthCheckID"}},
            "managed_by": {"$ref": "#/components/schemas/ManagedBy"}
          }},
        \(editingSchemas),
        \(checkSchemas),
        \(serverSchemas),
        "HealthCheck": {"type": "object", "additionalProperties": false,
          "required": ["id", "system", "check", "target", "enabled", "paused", "snoozed_until", "critical",
            "state", "since", "stale", "consecutive_failures", "consecutive_successes", "episode",
            "interval_seconds", "timeout_seconds", "thresholds", "last_run", "vitals", "next_slot"],
          "properties": {
            "id": {"$ref": "#/components/schemas/HealthCheckID"},
            "system": {"type": "object", "additionalProperties": false, "required": ["id", "name"],
              "properties": {"id": {"$ref": "#/components/schemas/SystemID"}, "name": {"type": "string"}}},
            "check": {"type": "object", "additionalProperties": false, "required": ["id", "kind"],
              "properties": {"id": {"type": "string"}, "kind": {"type": "string"}}},
            "target": {"type": "string", "description": "Without its secrets."},
            "enabled": {"type": "boolean"},
            "paused": {"type": "boolean", "description": "Its check is: it runs on no system."},
            "snoozed_until": {"$ref": "#/components/schemas/NullableInstant"},
            "critical": {"type": "boolean", "description": "If not, it degrades its system at most."},
            "state": {"$ref": "#/components/schemas/State"},
            "since": {"$ref": "#/components/schemas/NullableInstant"},
            "stale": {"type": "boolean", "description": "No conclusive run for three intervals."},
            "consecutive_failures": {"type": "integer", "minimum": 0},
            "consecutive_successes": {"type": "integer", "minimum": 0},
            "episode": {"type": ["string", "null"], "description": "The open one."},
            "interval_seconds": {"type": "number"},
            "timeout_seconds": {"type": "number"},
            "thresholds": {"type": "object", "description": "By rows of runs, or by a `window`.",
              "additionalProperties": {"type": ["integer", "null", "object"]}},
            "last_run": {"oneOf": [{"$ref": "#/components/schemas/Run"}, {"type": "null"}]},
            "vitals": {"type": "array", "items": {"$ref": "#/components/schemas/Vital"},
              "description": "The latest of what is measured besides."},
            "next_slot": {"$ref": "#/components/schemas/NullableInstant"},
            "heartbeat": {"$ref": "#/components/schemas/Heartbeat"}
          }},
        "Run": {"type": "object", "additionalProperties": false,
          "required": ["at", "slot", "location", "trigger", "outcome", "cause", "phase", "code", "message",
            "latency_ms", "phases_ms", "conditions", "findings"],
          "properties": {
            "at": {"$ref": "#/components/schemas/Instant"},
            "slot": {"$ref": "#/components/schemas/NullableInstant"},
            "location": {"type": "string"},
            "trigger": {"enum": \(names(Trigger.self))},
            "outcome": {"$ref": "#/components/schemas/Outcome"},
            "cause": {"$ref": "#/components/schemas/Cause"},
            "phase": {"$ref": "#/components/schemas/Phase"},
            "code": {"type": ["string", "null"], "description": "The vendor's own."},
            "message": {"type": ["string", "null"]},
            "latency_ms": {"type": "number", "description": "From start to verdict."},
            "phases_ms": {"type": "object", "additionalProperties": {"type": "number"},
              "propertyNames": {"enum": \(names(Phase.self))}},
            "conditions": {"type": "array", "items": {"$ref": "#/components/schemas/Condition"},
              "description": "Kept where one of them did not hold."},
            "findings": {"type": "array", "items": {"$ref": "#/components/schemas/Finding"},
              "description": "Everything that was wrong, what decided the outcome first."}
          }},
        "Finding": {"type": "object", "additionalProperties": false,
          "required": ["cause", "severity", "message"],
          "properties": {
            "cause": {"enum": \(names(Cause.self))},
            "severity": {"enum": \(names(Finding.Severity.self))},
            "message": {"type": "string"}
          }},
        "Vital": {"type": "object", "additionalProperties": false,
          "required": ["name", "value", "unit", "state", "warn", "critical", "minimum", "maximum", "reason",
            "detail", "measured_at"],
          "properties": {
            "name": {"type": "string"},
            "value": {"type": ["number", "null"]},
            "unit": {"type": "string", "description": "Empty: it is counted; `c`: it only grows."},
            "state": {"oneOf": [{"$ref": "#/components/schemas/State"}, {"type": "null"}],
              "description": "What its edges make of it; null: it has none."},
            "warn": {"type": ["string", "null"], "description": "A range as the Nagios plugins write it."},
            "critical": {"type": ["string", "null"]},
            "minimum": {"type": ["number", "null"]},
            "maximum": {"type": ["number", "null"]},
            "reason": {"type": ["string", "null"], "description": "Why there is no value."},
            "detail": {"type": ["string", "null"], "description": "What explains a bad value."},
            "measured_at": {"$ref": "#/components/schemas/NullableInstant"}
          }},
        "Condition": {"type": "object", "additionalProperties": false,
          "required": ["condition", "level", "verdict", "seen", "error"],
          "properties": {
            "condition": {"type": "string"},
            "level": {"enum": \(names(ConditionLevel.self))},
            "verdict": {"enum": ["holds", "fails", "error"]},
            "seen": {"type": "string", "description": "With the values beside what asked for them."},
            "error": {"type": ["string", "null"], "description": "Why it could neither hold nor fail."}
          }},
        "Missed": {"type": "object", "additionalProperties": false, "required": ["missed"],
          "properties": {"missed": {"type": "object", "additionalProperties": false,
            "required": ["from", "to", "count", "reason"],
            "properties": {
              "from": {"$ref": "#/components/schemas/Instant"},
              "to": {"$ref": "#/components/schemas/Instant"},
              "count": {"type": "integer", "minimum": 1},
              "reason": {"enum": \(names(MissReason.self))}
            }}}},
        "ManualRun": {"type": "object", "additionalProperties": false, "required": ["run", "health_check"],
          "properties": {
            "run": {"$ref": "#/components/schemas/Run"},
            "health_check": {"$ref": "#/components/schemas/HealthCheck"}
          }},
        \(historySchemas),
        \(heartbeatSchemas),
        \(deliverySchemas),
        \(otherSchemas)
        }
        """
    }

    private static var deliverySchemas: String {
        """
        "Attempt": {"type": "object", "additionalProperties": false,
          "required": [\(attemptMembers)],
          "properties": {\(attemptProperties)}},
        "Delivery": {"type": "object", "additionalProperties": false,
          "required": ["id", \(attemptMembers)],
          "properties": {"id": {"type": "integer"}, \(attemptProperties)}},
        "RetriedNotification": {"type": "object", "additionalProperties": false,
          "required": ["status", "notification"],
          "properties": {"status": {"enum": ["due"]}, "notification": {"type": "string"}}},
        "TestedChannel": {"type": "object", "additionalProperties": false,
          "required": ["status", "channel", "note"],
          "properties": {
            "status": {"enum": ["sent"]}, "channel": {"type": "string"},
            "note": {"type": ["string", "null"], "description": "Who did not get it, if some did not."}}}
        """
    }

    private static let attemptMembers = """
        "notification", "episode", "type", "health_check", "channel", "attempt", "at", "status", \
        "http_status", "error", "next_attempt_at"
        """

    private static var attemptProperties: String {
        """
            "notification": {"type": "string", "description": "The same at every attempt."},
            "episode": {"type": ["string", "null"]},
            "type": {"enum": \(names(NoticeKind.self))},
            "health_check": {"type": ["string", "null"]},
            "channel": {"type": "string"},
            "attempt": {"type": "integer", "minimum": 1},
            "at": {"$ref": "#/components/schemas/Instant"},
            "status": {"enum": \(names(Delivery.Status.self))},
            "http_status": {"type": ["integer", "null"]},
            "error": {"type": ["string", "null"]},
            "next_attempt_at": {"$ref": "#/components/schemas/NullableInstant"}
        """
    }

    private static var otherSchemas: String {
        """
        "Transition": {"type": "object", "additionalProperties": false,
          "required": ["health_check", "from", "to", "at", "cause", "phase", "message"],
          "properties": {
            "health_check": {"$ref": "#/components/schemas/HealthCheckID"},
            "from": {"$ref": "#/components/schemas/State"},
            "to": {"$ref": "#/components/schemas/State"},
            "at": {"$ref": "#/components/schemas/Instant"},
            "cause": {"$ref": "#/components/schemas/Cause"},
            "phase": {"$ref": "#/components/schemas/Phase"},
            "message": {"type": ["string", "null"]}
          }},
        "RunCompleted": {"type": "object", "additionalProperties": false, "required": ["health_check", "run"],
          "properties": {
            "health_check": {"$ref": "#/components/schemas/HealthCheckID"},
            "run": {"$ref": "#/components/schemas/Run"}
          }},
        "Event": {
          "description": "The `data` of an event: of `transition`, `delivery`, `run.completed`, `reset`.",
          "oneOf": [
            {"$ref": "#/components/schemas/Transition"}, {"$ref": "#/components/schemas/Attempt"},
            {"$ref": "#/components/schemas/RunCompleted"}, {"type": "object", "maxProperties": 0}]},
        "SystemList": \(list(of: "System")),
        "HealthCheckList": \(list(of: "HealthCheck")),
        "RunList": \(list(of: "Run", "Missed")),
        "DeliveryList": \(list(of: "Delivery")),
        "Health": {"type": "object", "additionalProperties": false,
          "required": ["status", "version", "time", "details"],
          "properties": {
            "status": {"enum": ["healthy", "degraded", "unhealthy"]},
            "version": {"type": "string"},
            "time": {"$ref": "#/components/schemas/Instant"},
            "details": {"type": "object",
              "additionalProperties": {"enum": ["healthy", "degraded", "unhealthy"]}}
          }},
        "Problem": {"type": "object", "additionalProperties": false,
          "required": ["type", "title", "status", "detail", "code"],
          "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "code": {"enum": [\(problemCodes)]},
            "retry_after_seconds": {"type": "integer", "minimum": 1},
            "problems": {"type": "array", "description": "Of `invalid_configuration`: all that is wrong.",
              "items": {"type": "object", "additionalProperties": false, "required": ["path", "message"],
                "properties": {"path": {"type": "string"}, "message": {"type": "string"}}}}
          }}
        """
    }

    static func list(of names: String...) -> String {
        let items = names.map { "{\"$ref\": \"#/components/schemas/\($0)\"}" }
        let item = items.count == 1 ? items.joined() : "{\"oneOf\": [\(items.joined(separator: ", "))]}"
        return """
            {"type": "object", "additionalProperties": false, "required": ["items", "next_cursor"],
              "properties": {
                "items": {"type": "array", "items": \(item)},
                "next_cursor": {"$ref": "#/components/schemas/Cursor"}
              }}
            """
    }

    /// The closed vocabularies are those of the code: they cannot fall behind.
    static func names<Word: RawRepresentable & CaseIterable>(
        _ type: Word.Type, orNull: Bool = false
    ) -> String where Word.RawValue == String {
        let words = type.allCases.map { "\"\($0.rawValue)\"" } + (orNull ? ["null"] : [])
        return "[\(words.joined(separator: ", "))]"
    }
}
